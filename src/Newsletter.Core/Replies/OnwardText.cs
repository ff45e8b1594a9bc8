using Newsletter.Addresses;

namespace Newsletter.Replies;

/// <summary>What of the editor's own mail goes on to the reader.</summary>
internal static class OnwardText
{
    private const int MaxText = 100_000;

    /// <summary>What goes on: to the end of what the editor wrote, with what is answered above or between, and without our note wherever it is quoted. No sealed address of ours goes with it.</summary>
    public static string Of(IReadOnlyList<FoldedBlock> blocks, OurAddresses ours)
    {
        var last = blocks.ToList().FindLastIndex(block => block.Kind is BlockKind.Written && !string.IsNullOrWhiteSpace(block.Text));
        var onward = blocks.Take(last + 1).Concat(blocks.Skip(last + 1).TakeWhile(block => block.Kind is BlockKind.Signature or BlockKind.Footer)); // what looks like a disclaimer may be words of theirs
        var clean = WithoutSeals(NoteMarks.Without(onward).Trim(), ours);
        return clean[..Math.Min(clean.Length, MaxText)];
    }

    /// <summary>Who quotes an address of ours would hand the reader the key to this door.</summary>
    private static string WithoutSeals(string text, OurAddresses ours)
    {
        foreach (var word in text.Split([' ', '\t', '\r', '\n', ',', ';', '<', '>', '"', '(', ')', '[', ']'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Contains('@')).Distinct())
            if (ours.ReadThread(word.Replace("mailto:", "", StringComparison.OrdinalIgnoreCase).TrimEnd('.', ':', '*', '_')) is { Reply: not null })
                text = text.Replace(word, "…", StringComparison.Ordinal);
        return text;
    }
}
