using System.Text;

namespace Newsletter.Testing;

/// <summary>Reads lines that end in a line feed from a connection, and says which of them lacked the carriage return.</summary>
internal sealed class SmtpLines(Stream stream)
{
    // A client that never ends its line must not fill the memory.
    private const int MaxLine = 4 * 1024 * 1024;

    private byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;

    /// <summary>The next line with its end; null when the connection ended. The memory is good until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken ct)
    {
        for (var looked = 0; ;)
        {
            var feed = buffer.AsSpan(start + looked, end - start - looked).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                var line = buffer.AsMemory(start, looked + feed + 1);
                start += line.Length;
                return line;
            }
            looked = end - start;
            MakeRoom();
            var count = await stream.ReadAsync(buffer.AsMemory(end), ct);
            if (count == 0)
                return null;
            end += count;
        }
    }

    /// <summary>A command line without its end, as Latin-1; null when the connection ended.</summary>
    public async ValueTask<string?> ReadTextAsync(CancellationToken ct) =>
        await ReadAsync(ct) is { } line ? Encoding.Latin1.GetString(line.Span).TrimEnd('\r', '\n') : null;

    private void MakeRoom()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        if (end < buffer.Length)
            return;
        if (buffer.Length >= MaxLine)
            throw new IOException($"a line of more than {MaxLine} octets");
        Array.Resize(ref buffer, buffer.Length * 2);
    }
}
