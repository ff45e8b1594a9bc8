using System.Text;

namespace Newsletter.Classifying;

/// <summary>Cuts headers that no mail program writes, before a parser sees them: MimeKit takes time with the square of a field's folds and encoded words.</summary>
/// <remarks>
/// Seen: 43 s for a Content-Disposition of 900 KB of <c>=?utf-7?B?+</c>, 2 s for any field of as many bytes in folded lines, 1 s for a megabyte of empty parts. Header is what stands at the beginning, behind
/// each line that could be a boundary (RFC 2046 §5.1.1), and behind the header of a message/… part (where a multipart/digest was announced: of a part without a type, §5.1.5), up to the next empty line; what
/// is cut beyond that is a text whose indented lines are longer than a field may be, behind two dashes. Bodies stay as they are.
/// </remarks>
internal static class HeaderBounds
{
    /// <summary>Octets of a field, its folded lines together; RFC 5322 §2.1.1 allows 998 a line and names no end. Exchange writes up to 8 KB.</summary>
    public const int MaxField = 16 * 1024;

    /// <summary>Encoded words (RFC 2047) that may begin in one field.</summary>
    public const int MaxEncodedWords = 50;

    /// <summary>Fields of one header.</summary>
    public const int MaxFields = 1_000;

    /// <summary>Headers of a mail and its parts; what follows the last is not read.</summary>
    public const int MaxHeaders = 2_000;

    /// <summary>The same bytes where nothing is too long; else a copy without what is.</summary>
    public static ReadOnlyMemory<byte> Cut(ReadOnlyMemory<byte> raw)
    {
        var (kept, copy, field) = (0, (byte[]?)null, new FieldLength());
        for (var at = 0; at < raw.Length && field.Headers <= MaxHeaders;)
        {
            var line = raw.Span[at..];
            line = line[..(line.IndexOf((byte)'\n') is >= 0 and var end ? end + 1 : line.Length)];
            var allowed = field.Allowed(line);
            if (allowed < line.Length && copy is null)
                raw.Span[..at].CopyTo(copy = new byte[raw.Length + 1]);
            if (copy is not null && allowed > 0)
            {
                line[..allowed].CopyTo(copy.AsSpan(kept));
                if (allowed < line.Length)
                    copy[kept + allowed++] = (byte)'\n';
            }
            kept += allowed;
            at += line.Length;
        }
        return copy is null ? raw[..kept] : copy.AsMemory(0, kept);
    }

    /// <summary>Follows the lines of a mail and says how much of each may stay.</summary>
    private struct FieldLength()
    {
        private bool inHeader = true;
        private bool inType;
        private bool hasType = true; // a mail that names none is text, a part of a digest a message
        private bool isOfMessage;
        private bool inDigest;
        private int fields;
        private int octets;
        private int words;

        public int Headers { get; private set; } = 1;

        /// <summary>So many octets of the line, its end included; less than all where its field becomes too long with it.</summary>
        public int Allowed(ReadOnlySpan<byte> line)
        {
            if (!inHeader)
            {
                if (line.StartsWith("--"u8))
                    Begin(header: true, ofPart: true);
                return line.Length;
            }
            if (line is [(byte)'\n'] or [(byte)'\r', (byte)'\n'])
            {
                Begin(isOfMessage || (inDigest && !hasType), ofPart: false); // behind the header of a message/rfc822 part comes another
                return line.Length;
            }
            if (line[0] is not ((byte)' ' or (byte)'\t'))
            {
                (octets, words) = (++fields > MaxFields ? MaxField : 0, 0);
                inType = Ascii.EqualsIgnoreCase(line[..Math.Min(line.Length, 12)], "content-type"u8);
                hasType |= inType;
            }
            if (inType)
            {
                isOfMessage |= Has(line, "message");
                inDigest |= Has(line, "digest");
            }
            var allowed = Math.Min(WordsAllowed(line), Math.Max(0, MaxField - octets));
            octets = allowed < line.Length ? MaxField : octets + line.Length;
            return allowed;
        }

        private void Begin(bool header, bool ofPart)
        {
            (inHeader, inType, hasType, isOfMessage, fields, octets, words) = (header, false, !ofPart, false, 0, 0, 0);
            Headers += header ? 1 : 0;
        }

        private static bool Has(ReadOnlySpan<byte> line, string word)
        {
            for (var at = 0; at <= line.Length - word.Length; at++)
                if (Ascii.EqualsIgnoreCase(line.Slice(at, word.Length), word))
                    return true;
            return false;
        }

        private int WordsAllowed(ReadOnlySpan<byte> line)
        {
            for (var (at, next) = (0, line.IndexOf("=?"u8)); next >= 0; next = line[at..].IndexOf("=?"u8))
            {
                if (++words > MaxEncodedWords)
                    return at + next;
                at += next + 2;
            }
            return line.Length;
        }
    }
}
