using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace Gossip.Host.Api;

/// <summary>
/// Counts what the web server refuses by itself, before there is a request: heads that are too
/// large, too slow, or none.
/// </summary>
internal sealed class BadRequests(ApiRefusals refusals) : IObserver<KeyValuePair<string, object?>>
{
    private const string Event = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    public static IDisposable Watch(IServiceProvider services, ApiRefusals refusals) =>
        services.GetRequiredService<DiagnosticListener>()
            .Subscribe(new BadRequests(refusals), name => name == Event);

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is IFeatureCollection request
            && request.Get<IBadRequestExceptionFeature>()?.Error is BadHttpRequestException error)
        {
            refusals.CountOnce(request, LimitOf(error.StatusCode));
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private static ApiLimit LimitOf(int status) => status switch
    {
        StatusCodes.Status408RequestTimeout => ApiLimit.Slow,
        StatusCodes.Status413PayloadTooLarge => ApiLimit.BodyBytes,
        StatusCodes.Status414UriTooLong => ApiLimit.HeadBytes,
        StatusCodes.Status431RequestHeaderFieldsTooLarge => ApiLimit.HeadBytes,
        _ => ApiLimit.Malformed,
    };
}
