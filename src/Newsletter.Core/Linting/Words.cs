using System.Buffers;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>Bits of text in messages.</summary>
internal static class Words
{
    private static readonly SearchValues<char> OddSigns = SearchValues.Create("[]{}|\\^`\"<>");

    /// <summary>The first sign that an address may not hold (RFC 3986 §2); null where there is none.</summary>
    public static char? OddSign(string address) => address.AsSpan().IndexOfAny(OddSigns) is >= 0 and var at ? address[at] : null;

    /// <summary>One line of at most 60 signs, tags shown as such.</summary>
    public static string Short(string text)
    {
        var line = text.ReplaceLineEndings(" ").Replace(Masked.Value, '…').Replace(Masked.Control, '…').Replace(Passage.Thing, '…').Trim();
        return Excerpt.Of(line, 60);
    }
}
