using System.Text;
using System.Text.Unicode;

namespace Newsletter.Subscribers;

/// <summary>One line of a text file.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Text">Without its end; null where it cannot be read.</param>
/// <param name="Fault">Why it cannot be read; null where it can.</param>
internal readonly record struct CsvLine(long Number, string? Text, string? Fault);

/// <summary>Cuts a stream into lines (CR LF, LF or CR): UTF-8, or UTF-16 with its mark. A line that is too long or not UTF-8 is a fault of that line alone; memory is bounded by one line.</summary>
internal sealed class CsvLines(Stream stream)
{
    /// <summary>The longest line, in bytes of UTF-8.</summary>
    public const int MaxLine = 256 * 1024;

    private byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;
    private long number;
    private bool begun;
    private bool over;
    private bool afterReturn;
    private Decoder? wide;
    private byte[] narrow = [];

    /// <summary>Null at the end of the stream.</summary>
    public async ValueTask<CsvLine?> ReadAsync(CancellationToken ct)
    {
        var tooLong = false;
        for (var looked = 0; ;)
        {
            SkipAfterReturn();
            if (buffer.AsSpan(start + looked, end - start - looked).IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and var found)
                return Take(looked + found, 1, tooLong);
            if (over)
                return start < end || tooLong ? Take(end - start, 0, tooLong) : null;
            if (end - start > MaxLine)
                (tooLong, start, end) = (true, 0, 0);
            looked = end - start;
            await FillAsync(ct);
        }
    }

    /// <summary>The octets of the next line, if all of it is in memory; <see cref="Pass"/> goes on behind it. Else it is read the other way.</summary>
    public bool TryLook(out ReadOnlySpan<byte> line)
    {
        SkipAfterReturn();
        var found = buffer.AsSpan(start, end - start).IndexOfAny((byte)'\r', (byte)'\n');
        line = buffer.AsSpan(start, Math.Max(found, 0));
        return found >= 0;
    }

    /// <summary>The number that <see cref="Pass"/> will give to the next line.</summary>
    public long Next => number + 1;

    /// <summary>Past the line that was looked at.</summary>
    public void Pass(int length)
    {
        afterReturn = buffer[start + length] == '\r';
        start += length + 1;
        number++;
    }

    private void SkipAfterReturn()
    {
        if (!afterReturn || start == end)
            return;
        start += buffer[start] == '\n' ? 1 : 0;
        afterReturn = false;
    }

    private CsvLine Take(int length, int ended, bool tooLong)
    {
        var bytes = buffer.AsSpan(start, length);
        afterReturn = ended > 0 && buffer[start + length] == '\r';
        start += length + ended;
        number++;
        if (tooLong || length > MaxLine)
            return new(number, null, $"the line is longer than {MaxLine / 1024} KB; a row of a list is not that long");
        return Utf8.IsValid(bytes) ? new(number, Encoding.UTF8.GetString(bytes), null) : new(number, null, NotUtf8(bytes));
    }

    private static string NotUtf8(ReadOnlySpan<byte> bytes)
    {
        var column = 1;
        for (; Rune.DecodeFromUtf8(bytes, out _, out var length) is System.Buffers.OperationStatus.Done; column++)
            bytes = bytes[length..];
        return $"byte 0x{bytes[0]:X2} at column {column} is not UTF-8; save the file as UTF-8";
    }

    private async ValueTask FillAsync(CancellationToken ct)
    {
        if (start > 0)
            buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        if (buffer.Length - end < buffer.Length / 4)
            Array.Resize(ref buffer, buffer.Length * 2);
        if (!begun)
            await BeginAsync(ct);
        else if (wide is null)
            end += await ReadSomeAsync(buffer.AsMemory(end), ct);
        else
            Narrow(await ReadSomeAsync(narrow, ct));
    }

    private async ValueTask<int> ReadSomeAsync(Memory<byte> to, CancellationToken ct)
    {
        var read = await stream.ReadAsync(to, ct);
        over = read == 0;
        return read;
    }

    /// <summary>Looks for a mark: three bytes tell.</summary>
    private async ValueTask BeginAsync(CancellationToken ct)
    {
        begun = true;
        end = await stream.ReadAtLeastAsync(buffer.AsMemory(0, 4096), 3, throwOnEndOfStream: false, ct);
        if (buffer.AsSpan(0, end).StartsWith(Encoding.UTF8.Preamble))
            start = Encoding.UTF8.Preamble.Length;
        wide = buffer.AsSpan(0, end).StartsWith(Encoding.Unicode.Preamble) ? Encoding.Unicode.GetDecoder()
            : buffer.AsSpan(0, end).StartsWith(Encoding.BigEndianUnicode.Preamble) ? Encoding.BigEndianUnicode.GetDecoder()
            : null;
        if (wide is null)
            return;
        narrow = new byte[8192];
        buffer.AsSpan(2, end - 2).CopyTo(narrow);
        var read = end - 2;
        end = 0;
        Narrow(read);
    }

    /// <summary>UTF-16 becomes UTF-8; half a character waits for its other half, and one that never gets it comes out as U+FFFD.</summary>
    private void Narrow(int read)
    {
        var letters = new char[wide!.GetCharCount(narrow, 0, read, flush: over)];
        wide.GetChars(narrow, 0, read, letters, 0, flush: over);
        var needed = end + Encoding.UTF8.GetByteCount(letters);
        if (needed > buffer.Length)
            Array.Resize(ref buffer, needed * 2);
        end += Encoding.UTF8.GetBytes(letters, buffer.AsSpan(end));
    }
}
