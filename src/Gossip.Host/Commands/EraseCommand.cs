using System.CommandLine;
using System.Text.Json;
using Gossip.Host.Api;

namespace Gossip.Host.Commands;

/// <summary><c>gossip erase</c>: take back what an entry carries, everywhere.</summary>
internal static class EraseCommand
{
    public static Command Create(ClientOptions client)
    {
        var id = new Argument<string>("ENTRY-ID")
        {
            Description = "64 hexadecimal digits, as publish and tail --json print them.",
        };
        var command = new Command("erase",
            "Erases the payloads of an entry, here and at every node that hears of it. Who wrote "
            + "it may, or the topic's owner. The entry keeps its place, and shows as erased.\n\n"
            + ExitCode.Explanation)
        {
            id,
        };
        client.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            using var node = client.Connect(result);
            var erased = await node.PostAsync(
                $"/entries/{Uri.EscapeDataString(result.GetValue(id)!)}/erase", null,
                ApiJson.Shared.ErasedShape, stop);
            terminal.Print(terminal.IsJson
                ? JsonSerializer.Serialize(erased, ApiJson.Shared.ErasedShape)
                : $"erased {erased.Entry}");
            return ExitCode.Done;
        });
    }
}
