using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Newsletter.Acceptance.Tests.Servers;

/// <summary>A name server on loopback that knows no name: NXDOMAIN to every question (RFC 1035 §4.1.1).</summary>
/// <remarks>resolv.conf(5) knows no ports, so it listens on port 53 of an address of its own, as root only.</remarks>
internal sealed class NameServer : IAsyncDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource end = new();
    private readonly Task answering;

    private NameServer(IPAddress address)
    {
        socket.Bind(new IPEndPoint(address, 53));
        Address = $"{address}";
        answering = AnswerAsync();
    }

    /// <summary>For <c>nameserver</c> in resolv.conf.</summary>
    public string Address { get; }

    public static NameServer Start()
    {
        var number = Machine.FreePort(); // nobody else's in this run
        return new(new IPAddress([127, 53, (byte)(number >> 8), (byte)number]));
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await answering;
        socket.Dispose();
        end.Dispose();
    }

    private async Task AnswerAsync()
    {
        var question = new byte[512];
        while (!end.IsCancellationRequested)
        {
            try
            {
                var asked = await socket.ReceiveFromAsync(question, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), end.Token);
                if (asked.ReceivedBytes > 12)
                    await socket.SendToAsync(Answer(question.AsSpan(0, asked.ReceivedBytes)), SocketFlags.None, asked.RemoteEndPoint, end.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>The question again, without what it may carry besides (EDNS), as an answer with code 3.</summary>
    private static byte[] Answer(ReadOnlySpan<byte> question)
    {
        var name = question[12..].IndexOf((byte)0);
        byte[] answer = [.. question[..(12 + name + 5)]];
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(2), 0x8183);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(4), 1);
        answer.AsSpan(6, 6).Clear();
        return answer;
    }
}
