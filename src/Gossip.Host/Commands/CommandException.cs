namespace Gossip.Host.Commands;

/// <summary>
/// Why a command ends early: what is wrong and what to do, for a person and for a script.
/// </summary>
internal class CommandException(
    int exitCode, string code, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public int ExitCode => exitCode;

    public string Code => code;

    public static CommandException Usage(string message) =>
        new(Commands.ExitCode.Usage, "usage", message);

    public static CommandException Failed(string code, string message) =>
        new(Commands.ExitCode.Failed, code, message);
}
