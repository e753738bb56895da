using System.Text.Json.Serialization.Metadata;
using Gossip.Actors;
using Gossip.Actors.Storage;

namespace Gossip.Host.Api;

/// <summary>
/// How does every failure reach the caller: one shape, one stable code, a fitting status?
/// </summary>
internal static partial class ApiErrors
{
    public static async Task Guard(
        HttpContext context, RequestDelegate next, ApiRefusals refusals, ILogger logger)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: 404 or 405 })
            {
                await Write(context, context.Response.StatusCode, "route-unknown",
                    $"There is no {context.Request.Method} {context.Request.Path}. "
                    + "See /topics, /closures, /actors, /subscriptions, /trust, /events, "
                    + "/peers, /status, /limits, /metrics, /sync, /healthz, /readyz, /version.");
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone: nobody is left to answer.
        }
        catch (Exception e) when (!context.Response.HasStarted && Describe(e) is { } failure)
        {
            if (failure.Status == StatusCodes.Status413PayloadTooLarge)
            {
                refusals.CountOnce(context.Features, ApiLimit.BodyBytes);
            }

            await Write(context, failure.Status, failure.Code, failure.Message);
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            Log.RequestFailed(logger, e, context.Request.Method, context.Request.Path);
            await Write(context, StatusCodes.Status500InternalServerError, "internal",
                "The node failed at this request; its log says why. Please report it.");
        }
    }

    public static Task Write(HttpContext context, int status, string code, string message) =>
        Write(context, status, new ErrorShape(code, message), ApiJson.Shared.ErrorShape);

    public static async Task Write<T>(
        HttpContext context, int status, T shape, JsonTypeInfo<T> type)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(shape, type, "application/json",
            context.RequestAborted);
    }

    /// <summary>Null for a bug.</summary>
    private static ApiException? Describe(Exception failure) => failure switch
    {
        ApiException refusal => refusal,
        GossipException refusal => new(
            ErrorCodes.StatusOf(refusal.Code), refusal.Code, refusal.Message),
        StoreException { Fault: StoreFault.ReadOnly } fault => Describe(fault, "store-read-only"),
        StoreException fault => Describe(
            fault, $"store-{fault.Fault.ToString().ToLowerInvariant()}"),
        BadHttpRequestException bad => new(bad.StatusCode,
            bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? "body-too-large"
                : "request-invalid",
            bad.Message),
        OperationCanceledException => new(
            StatusCodes.Status503ServiceUnavailable, "stopped", "This node is stopping."),
        _ => null,
    };

    private static ApiException Describe(StoreException fault, string code) =>
        new(ErrorCodes.StatusOf(code), code, fault.Message);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Method} {Path} failed.")]
        public static partial void RequestFailed(
            ILogger logger, Exception failure, string method, string path);
    }
}
