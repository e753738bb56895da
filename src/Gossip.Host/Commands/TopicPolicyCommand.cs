using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gossip.Host.Api;
using Gossip.Host.Client;

namespace Gossip.Host.Commands;

/// <summary>
/// <c>gossip topic create, invite, revoke, …</c>: topics with an owner, and who may do what there.
/// </summary>
internal static class TopicPolicyCommand
{
    private const string RefHelp =
        "Give its ref to whoever you invite: they join with it. It lets nobody in by itself.";

    public static IEnumerable<Command> CreateAll() =>
        [Create(), Policy(), Invite(), Revoke(), Appoint(), TakeOver(), Terms()];

    private static Command Create()
    {
        var label = new Argument<string>("LABEL") { Description = "What you call it." };
        var terms = new TermOptions();
        var command = new Command("create",
            $"Makes a topic that this node owns: who you invite reads and writes it. {RefHelp}")
        {
            label,
        };
        terms.AddTo(command);
        return Does(command, async (node, result, stop) =>
        {
            var made = await node.PostAsync(
                "/topics",
                Json(terms.Read(result, result.GetValue(label)), ApiJson.Shared.CreateShape),
                ApiJson.Shared.CreatedShape, stop);
            return (
                JsonSerializer.Serialize(made, ApiJson.Shared.CreatedShape),
                $"created '{made.Topic}'\nref: {made.Ref}\n"
                + $"invite somebody: gossip topic invite {made.Topic} DID\n"
                + $"there: gossip topics join {made.Ref}");
        });
    }

    private static Command Policy()
    {
        var name = Name();
        var command = new Command("policy",
            "Who owns a topic, who may do what, and the ref to give to whom you invite.") { name };
        return Does(command, async (node, result, stop) => Shown(await node.GetAsync(
            NodeClient.Path(result.GetValue(name)!, "/policy"), ApiJson.Shared.PolicyShape, stop)));
    }

    private static Command Invite()
    {
        var (name, did) = (Name(), Who());
        var isReader = new Option<bool>("--read-only") { Description = "It may not write." };
        var entriesMax = new Option<long>("--entries-max")
        {
            Description = "Entries of each log that it writes; 0: no limit.",
        };
        var address = new Option<string?>("--address")
        {
            Description = "host:port where other members may dial it.",
        };
        var command = new Command("invite", "Lets someone read a topic, and write it.")
        {
            name, did, isReader, entriesMax, address,
        };
        return Does(command, async (node, result, stop) => Shown(await node.PostAsync(
            NodeClient.Path(result.GetValue(name)!, "/invite"),
            Json(
                new(
                    result.GetValue(did), !result.GetValue(isReader), result.GetValue(entriesMax),
                    result.GetValue(address)),
                ApiJson.Shared.InviteShape),
            ApiJson.Shared.PolicyShape, stop)));
    }

    private static Command Revoke()
    {
        var (name, did) = (Name(), Who());
        var command = new Command("revoke",
            "Takes back all that someone was admitted to. What this node holds of its logs stays; "
            + "what it writes from now on counts nowhere.") { name, did };
        return Does(command, async (node, result, stop) => Shown(await node.PostAsync(
            NodeClient.Path(result.GetValue(name)!, "/revoke"),
            Json(new(result.GetValue(did)), ApiJson.Shared.RevokeShape),
            ApiJson.Shared.PolicyShape, stop)));
    }

    private static Command Appoint()
    {
        var (name, did) = (Name(), Who());
        var role = new Argument<string>("ROLE")
        {
            Description = "delegate: invites and revokes; successor: may take your place.",
        };
        role.AcceptOnlyFromAmong("delegate", "successor");
        var command = new Command("appoint", "Lets someone write policy.") { name, did, role };
        return Does(command, async (node, result, stop) => Shown(await node.PostAsync(
            NodeClient.Path(result.GetValue(name)!, "/appoint"),
            Json(new(result.GetValue(did), result.GetValue(role)), ApiJson.Shared.AppointShape),
            ApiJson.Shared.PolicyShape, stop)));
    }

    private static Command TakeOver()
    {
        var name = Name();
        var command = new Command("take-over",
            "This node was appointed successor: from the last policy entry that it holds on, its "
            + "word counts instead of the owner's. There is no way back.") { name };
        return Does(command, async (node, result, stop) => Shown(await node.PostAsync(
            NodeClient.Path(result.GetValue(name)!, "/take-over"), null,
            ApiJson.Shared.PolicyShape, stop)));
    }

    private static Command Terms()
    {
        var name = Name();
        var terms = new TermOptions();
        var command = new Command("terms", "Replaces a topic's terms as a whole.") { name };
        terms.AddTo(command);
        return Does(command, async (node, result, stop) => Shown(await node.SendAsync(
            HttpMethod.Put, NodeClient.Path(result.GetValue(name)!, "/terms"),
            Json(terms.Read(result, null), ApiJson.Shared.CreateShape),
            ApiJson.Shared.PolicyShape, stop)));
    }

    private static Command Does(
        Command command,
        Func<NodeClient, ParseResult, CancellationToken, Task<(string Json, string Text)>> ask)
    {
        var client = new ClientOptions();
        client.AddTo(command);
        return command.Does(async (result, terminal, stop) =>
        {
            using var node = client.Connect(result);
            var (json, text) = await ask(node, result, stop);
            terminal.Print(terminal.IsJson ? json : text);
            return ExitCode.Done;
        });
    }

    private static (string Json, string Text) Shown(PolicyShape policy)
    {
        var text = new StringBuilder()
            .AppendLine($"topic: {policy.Topic}")
            .AppendLine($"ref:   {policy.Ref}")
            .AppendLine($"kind:  {policy.Kind ?? "unknown"}"
                + (policy.Kind == "trust-gated" ? $", from a score of {policy.MinTrust} on" : ""))
            .AppendLine($"owner: {policy.Owner ?? "unknown"}")
            .AppendLine($"here:  {(policy.MayGovern ? "governs" : "does not govern")}, "
                + (policy.MayWrite ? "writes" : "does not write"));
        foreach (var member in policy.Members)
        {
            text.AppendLine($"{member.Right,-10} {member.Did}"
                + (member.EntriesMax > 0 ? $", {member.EntriesMax} entries a log" : "")
                + (member.Address.Length > 0 ? $", at {member.Address}" : ""));
        }

        return (
            JsonSerializer.Serialize(policy, ApiJson.Shared.PolicyShape),
            text.Append(policy.Problem).ToString().TrimEnd());
    }

    private static Argument<string> Name() =>
        new("NAME") { Description = "A topic with an owner, as `gossip topics` lists it." };

    private static Argument<string> Who() =>
        new("DID") { Description = "did:key:…, as `gossip status` prints it there." };

    private static ByteArrayContent Json<T>(T value, JsonTypeInfo<T> type) =>
        new(JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>What holds for a whole topic.</summary>
    private sealed class TermOptions
    {
        private readonly Option<string> _kind = new("--kind")
        {
            Description = "private (by invitation) or trust-gated (by score).",
            DefaultValueFactory = _ => "private",
        };

        private readonly Option<double> _minTrust = new("--min-trust")
        {
            Description = "trust-gated: the score, 0 to 1, that admits.",
        };

        private readonly Option<double> _keep = new("--keep-seconds")
        {
            Description = "How long nodes keep entries; 0: for ever.",
        };

        private readonly Option<long> _keepBytes = new("--keep-bytes")
        {
            Description = "How many bytes of entries a node keeps; 0: all.",
        };

        public void AddTo(Command command)
        {
            _kind.AcceptOnlyFromAmong("private", "trust-gated");
            command.Options.Add(_kind);
            command.Options.Add(_minTrust);
            command.Options.Add(_keep);
            command.Options.Add(_keepBytes);
        }

        public CreateShape Read(ParseResult result, string? label) => new(
            label, result.GetValue(_kind), result.GetValue(_minTrust), result.GetValue(_keep),
            result.GetValue(_keepBytes));
    }
}
