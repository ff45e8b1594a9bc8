namespace Newsletter.Inlining;

/// <summary>Changes to a text, by position; everything else stays as it is, character by character.</summary>
internal sealed class SourceEdits(string source)
{
    private readonly List<(int Start, int Length, string Text)> edits = new(64);

    /// <summary>Place, insertions first, and the order asked for as one number: plain numbers are sorted much faster.</summary>
    private readonly List<ulong> keys = new(64);

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
        return string.Create(Length(), this, static (made, edits) => edits.Write(made));
    }

    private int Length()
    {
        var (at, length) = (0, source.Length);
        foreach (var key in keys)
        {
            var (start, replaced, text) = edits[(int)(key & int.MaxValue)];
            if (start < at)
                continue;
            length += text.Length - replaced;
            at = start + replaced;
        }
        return length;
    }

    private void Write(Span<char> made)
    {
        var at = 0;
        foreach (var key in keys)
        {
            var (start, replaced, text) = edits[(int)(key & int.MaxValue)];
            if (start < at)
                continue;
            source.AsSpan(at, start - at).CopyTo(made);
            made = made[(start - at)..];
            text.CopyTo(made);
            made = made[text.Length..];
            at = start + replaced;
        }
        source.AsSpan(at).CopyTo(made);
    }
}
