using System.Text;

namespace Newsletter.Testing;

/// <summary>How a server's words go onto the wire: together, or each octet in a packet of its own.</summary>
internal sealed class SmtpVoice(bool octetByOctet)
{
    /// <summary>True, once all has been said.</summary>
    public async Task<bool> SayAsync(Stream stream, string text, CancellationToken ct)
    {
        var octets = Encoding.Latin1.GetBytes(text);
        for (var (at, step) = (0, octetByOctet ? 1 : octets.Length); at < octets.Length; at += step)
        {
            await stream.WriteAsync(octets.AsMemory(at, step), ct);
            await Task.Yield(); // the client's turn: it may have read what there is
        }
        return true;
    }
}
