namespace Gossip.Host.Api;

/// <summary>Why the API refuses a request, with the HTTP status that says it best.</summary>
internal sealed class ApiException(int status, string code, string message) : Exception(message)
{
    public int Status => status;

    public string Code => code;

    public static ApiException Invalid(string code, string message) =>
        new(StatusCodes.Status400BadRequest, code, message);

    public static ApiException Missing(string code, string message) =>
        new(StatusCodes.Status404NotFound, code, message);

    public static ApiException TooLarge(string code, string message) =>
        new(StatusCodes.Status413PayloadTooLarge, code, message);
}
