namespace Newsletter.Cli;

/// <summary>One line that tells how far the work is, drawn over and over; nothing where the output is no terminal.</summary>
/// <param name="to">Standard error as a rule: results go to standard output.</param>
/// <param name="total">How much there is to do, in whatever unit <see cref="Show"/> counts; null where nobody knows.</param>
internal sealed class ProgressLine(TextWriter to, long? total)
{
    private const int Width = 30;
    private readonly bool terminal = !Console.IsErrorRedirected;
    private bool drawn;

    public void Show(long done, string words)
    {
        if (!terminal)
            return;
        var share = total is > 0 ? Math.Clamp((double)done / total.Value, 0, 1) : 0;
        var bar = total is > 0 ? $"[{new string('#', (int)(share * Width)).PadRight(Width)}] {share,4:P0} " : "";
        to.Write($"\r\u001b[K{bar}{words}");
        drawn = true;
    }

    /// <summary>A line of its own, above the bar.</summary>
    public void Say(string words)
    {
        End();
        to.WriteLine(words);
    }

    /// <summary>Takes the bar away.</summary>
    public void End()
    {
        if (drawn)
            to.Write("\r\u001b[K");
        drawn = false;
    }
}
