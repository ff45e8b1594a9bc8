using System.Buffers;
using System.IO.Pipelines;

namespace Newsletter.Mailroom;

/// <summary>Reads lines and messages from the other side of an LMTP line; bounded in size and time.</summary>
internal sealed class LmtpReader(Stream line, LmtpBounds bounds)
{
    private readonly PipeReader pipe = PipeReader.Create(line, new(bufferSize: 16 * 1024, leaveOpen: true));

    /// <summary>The next command without its line end; null where the other side has hung up. One that is too long comes as an empty text, read to its end.</summary>
    /// <exception cref="TimeoutException">The other side was silent for too long.</exception>
    public async Task<byte[]?> CommandAsync(CancellationToken stop)
    {
        for (var isTooLong = false; ;)
        {
            var read = await ReadAsync(stop);
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var command = buffer.Slice(0, end);
                var bytes = isTooLong || command.Length > LmtpBounds.MaxCommand ? [] : command.ToArray();
                pipe.AdvanceTo(buffer.GetPosition(1, end));
                return bytes is [.., (byte)'\r'] ? bytes[..^1] : bytes;
            }
            if (read.IsCompleted)
                return null;
            isTooLong |= buffer.Length > LmtpBounds.MaxCommand;
            if (isTooLong)
                pipe.AdvanceTo(buffer.End); // it is thrown away, not gathered
            else
                pipe.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>The message up to the lone dot, dots unstuffed (RFC 5321 §4.5.2); null where the other side hung up before it. One that is too large is read to its end and comes as an empty one.</summary>
    /// <exception cref="InvalidDataException">It does not end, far beyond what is too large.</exception>
    /// <exception cref="TimeoutException">The other side was silent for too long.</exception>
    public async Task<ReadOnlyMemory<byte>?> MessageAsync(CancellationToken stop)
    {
        var message = new DotStuffed(bounds.MaxSize);
        while (true)
        {
            var read = await ReadAsync(stop);
            var rest = read.Buffer;
            while (!rest.IsEmpty && !message.IsWhole)
                rest = rest.Slice(message.Take(rest.FirstSpan));
            pipe.AdvanceTo(rest.Start);
            if (message.IsWhole)
                return message.IsTooLarge ? ReadOnlyMemory<byte>.Empty : message.Bytes;
            if (read.IsCompleted)
                return null;
            if (message.Seen > 4L * bounds.MaxSize)
                throw new InvalidDataException("the message does not end");
        }
    }

    /// <summary>Gives back the memory; the line stays as it is.</summary>
    public ValueTask EndAsync() => pipe.CompleteAsync();

    private async Task<ReadResult> ReadAsync(CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(bounds.Silence);
        try { return await pipe.ReadAsync(patience.Token); }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested) { throw new TimeoutException(); }
    }
}
