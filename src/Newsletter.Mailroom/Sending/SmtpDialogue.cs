using System.Buffers;
using System.Globalization;
using System.Text;

namespace Newsletter.Mailroom;

/// <summary>A reply of a relay (RFC 5321 §4.2).</summary>
/// <param name="Code">Three digits.</param>
/// <param name="Words">Its lines without the code, LF between them. From outside.</param>
internal readonly record struct SmtpReply(int Code, string Words)
{
    public bool IsPositive => Code is >= 200 and < 300;
}

/// <summary>Commands out and replies in, over one stream. What is queued goes out together (RFC 2920 §3.1).</summary>
/// <remarks>
/// A relay may answer before it has taken all: it refuses a letter in its middle, and closes or reads no more. So who reads does not wait for the
/// sending, and a sending that breaks is no end of the reading: what the relay said last is still to be had.
/// </remarks>
/// <param name="stream">The line; clear or encrypted.</param>
/// <param name="patience">How long one reply, or the taking of what we send, may last.</param>
internal sealed class SmtpDialogue(Stream stream, TimeSpan patience) : IAsyncDisposable
{
    // A reply line has at most 512 octets (RFC 5321 §4.5.3.1.5); some servers explain themselves at length.
    private const int MostOctets = 64 * 1024;

    private readonly byte[] incoming = new byte[4096];
    private readonly ArrayBufferWriter<byte> outgoing = new(4096);
    private CancellationTokenSource reading = new();
    private CancellationTokenSource writing = new();
    private Task<bool> sending = Task.FromResult(true);
    private int next;
    private int end;

    /// <summary>Whether something has come in that nobody asked for, or the far end has closed: what lies unread.</summary>
    public bool HasUnread => next < end;

    /// <summary>Adds a command, without its line end, to what goes out next.</summary>
    /// <exception cref="ArgumentException">It is more than one line.</exception>
    public void Queue(string command)
    {
        if (command.AsSpan().ContainsAny('\r', '\n'))
            throw new ArgumentException("a command is one line", nameof(command)); // what follows would be a command of somebody else's
        outgoing.Advance(Encoding.UTF8.GetBytes(command, outgoing.GetSpan(Encoding.UTF8.GetMaxByteCount(command.Length))));
        outgoing.Write("\r\n"u8);
    }

    /// <summary>Adds octets as they are.</summary>
    public void Queue(ReadOnlySpan<byte> octets) => outgoing.Write(octets);

    /// <summary>Sends what is queued. Need not be awaited before the reply is read, but before more is queued.</summary>
    /// <returns>Whether all has left us. False: the relay has closed the line, or took no more in time.</returns>
    public Task<bool> SendAsync(CancellationToken stop) => sending = SendQueuedAsync(stop);

    /// <summary>Sends no more, and says whether all has left us.</summary>
    public async Task<bool> StopSendingAsync()
    {
        if (!sending.IsCompleted)
            await writing.CancelAsync();
        return await sending;
    }

    /// <summary>One command and its reply.</summary>
    public async Task<SmtpReply> AskAsync(string command, CancellationToken stop)
    {
        Queue(command);
        await SendAsync(stop);
        return await ReadAsync(stop);
    }

    /// <summary>The next reply, with all its lines. Its time begins when all is sent.</summary>
    /// <exception cref="IOException">The line is closed, or what came is no reply.</exception>
    /// <exception cref="TimeoutException">It did not come in time, or the relay took no more of what we send and said nothing.</exception>
    public async Task<SmtpReply> ReadAsync(CancellationToken stop)
    {
        using var waiting = Begin(ref reading, stop);
        try
        {
            if (sending.IsCompleted)
            {
                reading.CancelAfter(writing.IsCancellationRequested ? TimeSpan.Zero : patience);
                return await ReadReplyAsync();
            }
            var reply = ReadReplyAsync();
            await Task.WhenAny(reply, sending);
            if (!reply.IsCompleted)
                reading.CancelAfter(writing.IsCancellationRequested ? TimeSpan.Zero : patience);
            return await reply;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new TimeoutException(writing.IsCancellationRequested ? "the relay does not take what is sent" : "the relay does not answer");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopSendingAsync();
        await stream.DisposeAsync();
        reading.Dispose();
        writing.Dispose();
    }

    private async Task<bool> SendQueuedAsync(CancellationToken stop)
    {
        using var waiting = Begin(ref writing, stop);
        writing.CancelAfter(patience);
        try
        {
            await stream.WriteAsync(outgoing.WrittenMemory, writing.Token);
            await stream.FlushAsync(CancellationToken.None); // all is written: it must not count as broken
            return true;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return false;
        }
        finally
        {
            outgoing.ResetWrittenCount();
        }
    }

    private async Task<SmtpReply> ReadReplyAsync()
    {
        var (words, octets) = (new StringBuilder(), 0);
        while (true)
        {
            var line = await ReadLineAsync();
            octets += line.Length;
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code is < 200 or > 599 || octets > MostOctets)
                throw new IOException($"the relay said what is no reply: {(line.Length > 60 ? line[..60] : line)}");
            words.Append(words.Length > 0 ? "\n" : "").Append(line.AsSpan(Math.Min(4, line.Length)));
            if (line.Length == 3 || line[3] != '-')
                return new(code, words.ToString());
        }
    }

    private async Task<string> ReadLineAsync()
    {
        var line = new ArrayBufferWriter<byte>(128);
        while (true)
        {
            var found = incoming.AsSpan(next, end - next).IndexOf((byte)'\n');
            line.Write(incoming.AsSpan(next, found < 0 ? end - next : found));
            next = found < 0 ? end : next + found + 1;
            if (found >= 0)
                return Encoding.UTF8.GetString(line.WrittenSpan).TrimEnd('\r');
            if (line.WrittenCount > MostOctets)
                throw new IOException("the relay said a line without an end");
            (next, end) = (0, await stream.ReadAsync(incoming, reading.Token));
            if (end == 0)
                throw new IOException("the relay closed the line");
        }
    }

    // One clock for all waits of a kind: it is set again where it has not run out.
    private static CancellationTokenRegistration Begin(ref CancellationTokenSource clock, CancellationToken stop)
    {
        if (!clock.TryReset())
        {
            clock.Dispose();
            clock = new();
        }
        return stop.Register(static running => ((CancellationTokenSource)running!).Cancel(), clock);
    }
}
