using System.Text;

namespace Newsletter.Testing;

/// <summary>Takes in one letter between DATA and the final dot, and finds what a strict server refuses it for.</summary>
internal sealed class SmtpLetterReader(bool keepsBytes, bool announced8Bit, long maxSize)
{
    // RFC 5321 §4.5.3.1.6: 1000 octets with CRLF.
    private const int MaxLine = 1000;

    private readonly MemoryStream bytes = new();
    private bool inHeaders = true;

    /// <summary>Called once the first line is here; false ends the reading.</summary>
    public Func<Task<bool>> Begun { get; init; } = static () => Task.FromResult(true);

    public long Size { get; private set; }

    public string MessageId { get; private set; } = "";

    public ReadOnlyMemory<byte> Bytes => bytes.ToArray();

    /// <summary>The reply that refuses the letter, or null when it is well-formed.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Reads to the final dot; false when the connection ended before it.</summary>
    public async Task<bool> ReadAsync(SmtpLines lines, CancellationToken ct)
    {
        while (await lines.ReadAsync(ct) is { } line)
        {
            if (line.Span.SequenceEqual(".\r\n"u8))
                return true;
            if (!await TakeAsync(line.Span[0] == (byte)'.' ? line[1..] : line))
                return false;
        }
        return false;
    }

    /// <summary>Reads so many octets, whole lines; false when the connection ended before, or the last line goes on behind them.</summary>
    public async Task<bool> ReadAsync(SmtpLines lines, int octets, CancellationToken ct)
    {
        while (Size < octets && await lines.ReadAsync(ct) is { } line)
            if (!await TakeAsync(line))
                return false;
        return Size == octets;
    }

    private ValueTask<bool> TakeAsync(ReadOnlyMemory<byte> line)
    {
        var isFirst = Size == 0;
        Take(line);
        return isFirst ? new(Begun()) : new(true);
    }

    private void Take(ReadOnlyMemory<byte> line)
    {
        Size += line.Length;
        Refusal ??= Fault(line.Span);
        if (keepsBytes && Refusal is null)
            bytes.Write(line.Span);
        if (inHeaders)
            ReadHeader(Encoding.Latin1.GetString(line.Span).TrimEnd());
    }

    private string? Fault(ReadOnlySpan<byte> line)
    {
        if (!line.EndsWith("\r\n"u8) || line[..^2].IndexOfAny((byte)'\r', (byte)'\n') >= 0)
            return "550 5.6.0 bare carriage return or line feed (RFC 5321 section 2.3.8)";
        if (line.Length > MaxLine)
            return $"500 5.6.0 a line of {line.Length} octets (RFC 5321 section 4.5.3.1.6)";
        if (!announced8Bit && line.ContainsAnyInRange((byte)128, (byte)255))
            return "550 5.6.1 8-bit letter without BODY=8BITMIME (RFC 6152)";
        return Size > maxSize ? "552 5.3.4 letter too big" : null;
    }

    private void ReadHeader(string line)
    {
        if (line.Length == 0)
            inHeaders = false;
        else if (line.StartsWith("Message-ID:", StringComparison.OrdinalIgnoreCase))
            MessageId = line["Message-ID:".Length..].Trim(' ', '\t', '<', '>');
    }
}
