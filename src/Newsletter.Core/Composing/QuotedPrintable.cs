using System.Buffers;
using System.Text;

namespace Newsletter.Composing;

/// <summary>Quoted-printable (RFC 2045 §6.7), strict: lines of at most 76 octets, upper-case hex, no blank before a line end.</summary>
/// <remarks>
/// Also safe where other programs meddle: a line never starts with <c>From </c> (mbox stores rewrite it, RFC 4155) nor with a dot (RFC 5321 §4.5.2), so
/// that a DKIM signature lives and no dot needs stuffing. MimeKit's encoder can write lines of 78.
/// </remarks>
internal sealed class QuotedPrintable(ArrayBufferWriter<byte> to)
{
    private const int MaxLine = 76;
    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Where(letter => letter is not '=')]);
    private int column;

    /// <summary>Text with LF or CRLF line ends; written with CRLF. Pieces may follow one another: a line goes on where the last piece ended.</summary>
    public void Write(string text)
    {
        Span<byte> octets = stackalloc byte[4];
        for (var i = 0; i < text.Length;)
        {
            i += WriteRun(text.AsSpan(i));
            if (i == text.Length)
                break;
            if (EndOfLine(text, i) is > 0 and var ended)
            {
                NewLine();
                i += ended;
                continue;
            }
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var used) is not OperationStatus.Done)
                rune = Rune.ReplacementChar; // a lone surrogate is no text
            var length = rune.EncodeToUtf8(octets);
            i += used;
            var mustHide = i == text.Length || EndOfLine(text, i) > 0;
            foreach (var octet in octets[..length])
                Write(octet, mustHide, text, i);
        }
    }

    /// <summary>A soft line break, unless the line has just begun: what follows starts a line of its own.</summary>
    public void Break()
    {
        if (column is 0)
            return;
        to.Write("=\r\n"u8);
        column = 0;
    }

    /// <summary>A true line end.</summary>
    public void NewLine()
    {
        to.Write("\r\n"u8);
        column = 0;
    }

    /// <summary>As many letters as stand for themselves where they are: not at the beginning of a line, and none that may be the last of one. Returns how many.</summary>
    private int WriteRun(ReadOnlySpan<char> text)
    {
        if (column is 0)
            return 0;
        var run = text[..Math.Min(text.Length, MaxLine - 1 - column)];
        var plain = run.IndexOfAnyExcept(Plain);
        run = (plain < 0 ? run : run[..plain]).TrimEnd(' ');
        to.Advance(Encoding.ASCII.GetBytes(run, to.GetSpan(run.Length)));
        column += run.Length;
        return run.Length;
    }

    private void Write(byte octet, bool isLastOfLine, string text, int next)
    {
        var plain = IsPlain(octet, isLastOfLine);
        // The last column stays free for the "=" of a soft break.
        if (column + (plain ? 1 : 3) > MaxLine - 1)
            Break();
        if (plain && !(column is 0 && StartsBadly(octet, text, next)))
        {
            to.GetSpan(1)[0] = octet;
            to.Advance(1);
            column++;
            return;
        }
        var hex = to.GetSpan(3);
        (hex[0], hex[1], hex[2]) = ((byte)'=', Hex(octet >> 4), Hex(octet & 15));
        to.Advance(3);
        column += 3;
    }

    private static bool IsPlain(byte octet, bool isLastOfLine) => octet switch
    {
        (byte)' ' or (byte)'\t' => !isLastOfLine,
        (byte)'=' => false,
        _ => octet is >= 33 and <= 126,
    };

    private static bool StartsBadly(byte octet, string text, int next) => octet switch
    {
        (byte)'.' => true,
        (byte)'F' => text.AsSpan(next).StartsWith("rom ", StringComparison.Ordinal) || text.Length - next < 4,
        _ => false,
    };

    private static int EndOfLine(string text, int at) => text[at] switch
    {
        '\n' => 1,
        '\r' => at + 1 < text.Length && text[at + 1] is '\n' ? 2 : 1,
        _ => 0,
    };

    private static byte Hex(int digit) => (byte)"0123456789ABCDEF"[digit];
}
