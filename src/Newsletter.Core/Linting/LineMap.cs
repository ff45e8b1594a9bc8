namespace Newsletter.Linting;

/// <summary>From a place in an issue's body to line and column of its file.</summary>
internal sealed class LineMap(string body, int firstLine)
{
    private readonly int[] _starts = [0, .. Starts(body)];

    /// <summary>Both from 1.</summary>
    public (int Line, int Column) Of(int offset)
    {
        var place = Math.Clamp(offset, 0, body.Length);
        var index = Array.BinarySearch(_starts, place);
        var line = index >= 0 ? index : ~index - 1;
        return (firstLine + line, place - _starts[line] + 1);
    }

    private static IEnumerable<int> Starts(string text)
    {
        for (var at = text.IndexOf('\n', StringComparison.Ordinal); at >= 0; at = text.IndexOf('\n', at + 1))
            yield return at + 1;
    }
}
