using System.Diagnostics;
using System.Net.Sockets;

namespace Newsletter.Mailroom;

/// <summary>The octets between MailKit and a relay. It keeps to the times and bounds that MailKit leaves open, and loses no last word.</summary>
/// <remarks>
/// MailKit writes a letter to its end before it listens. Where the relay refuses it in the middle and closes, the writing would fail and the reply be
/// lost; so a line that takes no more is written to as if it did, and what was said is read. It remembers that not all has left us.
/// </remarks>
/// <param name="socket">Connected; owned from here on.</param>
/// <param name="patience">How long the taking of what is written, or a wait for octets, may last; answers to one writing at most twice as long in all.</param>
internal sealed class RelayStream(Socket socket, TimeSpan patience) : Stream
{
    /// <summary>The most that is heard in answer to one writing: a long reply, a certificate with its chain, not the memory's end.</summary>
    private const int MostOctets = 256 * 1024;

    private long asked = Stopwatch.GetTimestamp();
    private int heard;
    private bool isSlow;

    /// <summary>Whether something that was written has not left us.</summary>
    public bool HasLost { get; private set; }

    /// <summary>Whether the relay has closed the line, or spoken unasked.</summary>
    public bool IsOver => HasLost || socket.Poll(0, SelectMode.SelectRead);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var clock = Clock(patience, cancellationToken);
        try
        {
            while (buffer.Length > 0 && !HasLost)
                buffer = buffer[await socket.SendAsync(buffer, SocketFlags.None, clock.Token)..];
        }
        catch (SocketException)
        {
            HasLost = true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            (HasLost, isSlow) = (true, true);
        }
        (asked, heard) = (Stopwatch.GetTimestamp(), 0);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var left = (patience * 2) - Stopwatch.GetElapsedTime(asked);
        using var clock = Clock(isSlow || left < TimeSpan.Zero ? TimeSpan.Zero : left < patience ? left : patience, cancellationToken);
        try
        {
            var count = isSlow && socket.Available == 0 ? throw new TimeoutException("the relay does not take what is sent")
                : await socket.ReceiveAsync(buffer, SocketFlags.None, isSlow ? cancellationToken : clock.Token);
            heard += count;
            return heard <= MostOctets ? count : throw new IOException("the relay talks without an end");
        }
        catch (SocketException e)
        {
            throw new IOException(e.Message, e);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("the relay does not answer");
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
        // Nothing is kept back.
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("a line is read without blocking");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("a line is written to without blocking");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            socket.Dispose();
        base.Dispose(disposing);
    }

    private static CancellationTokenSource Clock(TimeSpan time, CancellationToken stop)
    {
        var clock = CancellationTokenSource.CreateLinkedTokenSource(stop);
        clock.CancelAfter(time);
        return clock;
    }
}
