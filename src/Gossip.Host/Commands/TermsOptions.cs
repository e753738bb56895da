using System.CommandLine;
using Gossip.Actors;
using Gossip.Actors.Protocol;
using Gossip.Host.Api;
using Gossip.Host.Client;

namespace Gossip.Host.Commands;

/// <summary>
/// What does a publish wait for, and how is a retry recognised: --acks, --acks-timeout, --key?
/// </summary>
internal sealed class TermsOptions
{
    private readonly Option<int> _acks = new("--acks")
    {
        HelpName = "N",
        Description = "Wait until N peers hold it too, on their disks. Exit 1 with acks-missing "
            + "when there are fewer: it stays published, and --json says who holds it.",
    };

    private readonly Option<string?> _timeout = new("--acks-timeout")
    {
        HelpName = "D",
        Description = "How long to wait for them: 500ms, 5s, 2m. Default: the node's.",
    };

    private readonly Option<string?> _key = new("--key")
    {
        HelpName = "K",
        Description = "Names this publish: again under the same key, this node writes nothing and "
            + "gives the receipts of the first time. The input is one publish, at most "
            + $"{LineBatch.LinesMax} lines.",
    };

    public TermsOptions()
    {
        _acks.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > Acks.PeersMax)
            {
                result.AddError($"--acks: 1 to {Acks.PeersMax} peers.");
            }
        });
        _timeout.Validators.Add(result =>
        {
            try
            {
                PublishQuery.ParseTimeout(result.GetValueOrDefault<string>()!);
            }
            catch (ApiException e)
            {
                result.AddError($"--{e.Message}");
            }
        });
        _key.Validators.Add(result =>
        {
            if (!PublishKey.IsValid(result.GetValueOrDefault<string>()!))
            {
                result.AddError($"--key: 1 to {PublishKey.BytesMax} bytes.");
            }
        });
    }

    public void AddTo(Command command)
    {
        command.Options.Add(_acks);
        command.Options.Add(_timeout);
        command.Options.Add(_key);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_timeout) is not null && result.GetResult(_acks) is null)
            {
                result.AddError("--acks-timeout needs --acks: nobody else is waited for.");
            }
        });
    }

    public PublishTerms Of(ParseResult result) => new(
        result.GetValue(_acks), result.GetValue(_timeout), result.GetValue(_key));
}
