using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Newsletter.Classifying;

namespace Newsletter.Mailroom;

/// <summary>A mail that is too large to be kept whole.</summary>
public static partial class CutMail
{
    /// <summary>Octets of a mail that are taken into memory: as many as may be set to be kept.</summary>
    public const int MostRead = 256 * 1024 * 1024;

    /// <summary>The field that says so, first in the stored bytes.</summary>
    private const string Mark = "X-Newsletter-Cut";

    private const int LongestMark = 100;

    /// <summary>A mail from a stream, which is read to its end: whoever writes it need not know that only <see cref="MostRead"/> octets of it are taken.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, CancellationToken ct)
    {
        using var taken = new MemoryStream();
        var buffer = new byte[81920];
        for (var count = await stream.ReadAsync(buffer, ct); count > 0; count = await stream.ReadAsync(buffer, ct))
            taken.Write(buffer, 0, (int)Math.Min(count, MostRead - taken.Length));
        return taken.GetBuffer().AsMemory(0, (int)taken.Length);
    }

    /// <summary>How much of a stored mail is there, in words for a person; null where all of it is.</summary>
    public static string? Words(ReadOnlySpan<byte> stored)
    {
        var mail = stored[MboxLine.Length(stored)..];
        if (Numbers().Match(Encoding.ASCII.GetString(mail[..Math.Min(mail.Length, LongestMark)])) is not { Success: true } mark)
            return null;
        return string.Create(CultureInfo.InvariantCulture, $"{long.Parse(mark.Groups[1].ValueSpan, CultureInfo.InvariantCulture):n0} of its {long.Parse(mark.Groups[2].ValueSpan, CultureInfo.InvariantCulture):n0} bytes are kept (Returns:LargestMail)");
    }

    /// <summary>The mail itself where it is no longer than that; else its beginning, with the mark before it. The line of an mbox file stays the first.</summary>
    internal static ReadOnlyMemory<byte> ToFit(ReadOnlyMemory<byte> raw, int largest)
    {
        if (raw.Length <= largest)
            return raw;
        var mark = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Mark}: {largest} of {raw.Length} octets are kept\n"));
        var start = MboxLine.Length(raw.Span);
        return start < largest ? (byte[])[.. raw.Span[..start], .. mark, .. raw.Span[start..largest]] : (byte[])[.. mark, .. raw.Span[..largest]];
    }

    [GeneratedRegex($"^{Mark}: ([0-9]{{1,12}}) of ([0-9]{{1,12}}) octets are kept\n")]
    private static partial Regex Numbers();
}
