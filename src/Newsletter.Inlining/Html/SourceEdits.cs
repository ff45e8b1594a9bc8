using System.Buffers;

namespace Newsletter.Inlining;

/// <summary>Changes to a text, by position; everything else stays as it is, character by character.</summary>
internal sealed class SourceEdits(string source)
{
    private readonly List<(int Start, int Length, string Text)> edits = [];

    /// <summary>Place, insertions first, and the order asked for as one number: plain numbers are sorted much faster.</summary>
    private readonly List<ulong> keys = [];

    public bool IsEmpty => edits.Count == 0;

    public void Insert(int at, string text) => Replace(at, 0, text);

    public void Replace(int at, int length, string text)
    {
        keys.Add(((ulong)(uint)at << 32) | (length == 0 ? 0U : 1U << 31) | (uint)edits.Count);
        edits.Add((at, length, text));
    }

    /// <summary>The changed text. Of two changes to the same place the first asked for counts; insertions stand in the order asked for, and before what is replaced there.</summary>
    public string Apply()
    {
        if (edits.Count == 0)
            return source;
        keys.Sort();
        var length = source.Length;
        foreach (var edit in edits)
            length += edit.Text.Length;
        var buffer = ArrayPool<char>.Shared.Rent(length);
        var (at, end) = (0, 0);
        foreach (var key in keys)
        {
            var (start, replaced, text) = edits[(int)(key & int.MaxValue)];
            if (start < at)
                continue;
            source.CopyTo(at, buffer, end, start - at);
            end += start - at;
            text.CopyTo(0, buffer, end, text.Length);
            end += text.Length;
            at = start + replaced;
        }
        source.CopyTo(at, buffer, end, source.Length - at);
        var made = new string(buffer, 0, end + source.Length - at);
        ArrayPool<char>.Shared.Return(buffer);
        return made;
    }
}
