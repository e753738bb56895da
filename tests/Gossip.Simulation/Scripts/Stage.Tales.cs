namespace Gossip.Simulation.Scripts;

/// <content>What is told of it.</content>
public sealed partial class Stage
{
    private Narrator? _narrator;

    /// <summary>What was told since the last time.</summary>
    public string TakeTale() => _narrator?.Take() ?? "";

    public void Say(string line) => Narrator.Say(line);

    private Narrator Narrator => _narrator ??= new(Cluster);

    private void Show(Words words)
    {
        var tales = new List<Tale>();
        while (!words.IsDone)
        {
            var word = words.Next();
            tales.Add(Enum.TryParse<Tale>(word, ignoreCase: true, out var tale)
                ? tale
                : throw words.Wrong($"'{word}' is nothing that can be shown"));
        }

        Narrator.Show(tales);
    }

    private void State(Words words) => Narrator.State();
}
