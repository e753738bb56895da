using System.Text;

namespace Gossip.Actors.Storage;

/// <summary>
/// Which epoch did this directory see last? A small file beside the store, replaced as a whole. A
/// store that was put back from a copy tells of an epoch that has passed.
/// </summary>
internal sealed class EpochFile(string dataDirectory)
{
    private readonly string _path = Path.Combine(dataDirectory, "gossip.epoch");

    public string? Read() => File.Exists(_path) ? File.ReadAllText(_path).Trim() : null;

    /// <summary>Through to the disk before it takes the old one's place.</summary>
    public void Write(string epoch)
    {
        var draft = _path + ".new";
        using (var file = new FileStream(
            draft,
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                Options = FileOptions.WriteThrough,
            }))
        {
            file.Write(Encoding.ASCII.GetBytes(epoch));
        }

        File.Move(draft, _path, overwrite: true);
    }
}
