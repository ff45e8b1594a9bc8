using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Newsletter.Tests.Web;

/// <summary>A name server on loopback (RFC 1035): <c>harbour.example</c> has a mail server, <c>bare.example</c> an address alone, <c>nullmx.example</c> takes no mail (RFC 7505), <c>broken.example</c> fails, all others are not there.</summary>
internal sealed class FakeNames : IAsyncDisposable
{
    private readonly UdpClient socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource end = new();
    private readonly Task answering;

    public FakeNames() => answering = AnswerAsync();

    public int Port => ((IPEndPoint)socket.Client.LocalEndPoint!).Port;

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await answering;
        socket.Dispose();
        end.Dispose();
    }

    private async Task AnswerAsync()
    {
        while (!end.IsCancellationRequested)
            try
            {
                var asked = await socket.ReceiveAsync(end.Token);
                await socket.SendAsync(Answer(asked.Buffer), asked.RemoteEndPoint, end.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
    }

    private static byte[] Answer(byte[] question)
    {
        var at = 12;
        var labels = new List<string>();
        for (; question[at] != 0; at += question[at] + 1)
            labels.Add(Encoding.ASCII.GetString(question, at + 1, question[at]));
        var type = BinaryPrimitives.ReadUInt16BigEndian(question.AsSpan(at + 1));
        (int Code, byte[]? Data) said = (string.Join('.', labels), type) switch
        {
            ("harbour.example", 15) => (0, [0, 10, 2, (byte)'m', (byte)'x', 0xC0, 12]),
            ("nullmx.example", 15) => (0, [0, 0, 0]),
            ("bare.example", 1) => (0, [192, 0, 2, 1]),
            ("bare.example" or "harbour.example", _) => (0, null),
            ("broken.example", _) => (2, null),
            _ => (3, null),
        };
        byte[] head = [question[0], question[1], 0x81, (byte)(0x80 | said.Code), 0, 1, 0, (byte)(said.Data is null ? 0 : 1), 0, 0, 0, 0];
        byte[] record = said.Data is null ? [] : [0xC0, 12, (byte)(type >> 8), (byte)type, 0, 1, 0, 0, 0, 60, 0, (byte)said.Data.Length, .. said.Data];
        return [.. head, .. question.AsSpan(12, at + 5 - 12), .. record];
    }
}
