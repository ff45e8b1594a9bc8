using Newsletter.Addresses;

namespace Newsletter.Composing;

/// <summary>The finished message of one delivery (or of one automatic mail) with its envelope (RFC 5321 §3.3): signed, to be sent as it is.</summary>
/// <remarks>Its octets have CRLF line ends and are not dot-stuffed: no line begins with a dot. A changed octet breaks the DKIM signature.</remarks>
/// <param name="Delivery">Whose it is; null for automatic mails and proofs, which are counted nowhere.</param>
/// <param name="Sender">MAIL FROM: a Return-Path of ours; empty for the null sender, so that no bounce can come.</param>
/// <param name="Recipient">RCPT TO, the domain as A-label. One recipient a letter.</param>
/// <param name="MessageId">Without its angle brackets; the same for every attempt.</param>
/// <param name="Header">The header fields with the empty line behind them.</param>
/// <param name="Body">What follows, in pieces: what an edition's letters share, they share in memory as well.</param>
public sealed record Letter(DeliveryId? Delivery, string Sender, string Recipient, string MessageId, ReadOnlyMemory<byte> Header, IReadOnlyList<ReadOnlyMemory<byte>> Body)
{
    /// <summary>Octets of the whole message.</summary>
    public int Length { get; } = Header.Length + Body.Sum(piece => piece.Length);

    /// <summary>Whether the last octets are a line end.</summary>
    public bool EndsWithLine => (Body is [.., var last] ? last : Header).Span.EndsWith("\r\n"u8);

    /// <summary>The whole message in one piece: a copy.</summary>
    public ReadOnlyMemory<byte> Bytes
    {
        get
        {
            var bytes = new byte[Length];
            CopyTo(bytes);
            return bytes;
        }
    }

    /// <summary>Writes the whole message to the beginning of <paramref name="to"/>, which has room for <see cref="Length"/> octets.</summary>
    public void CopyTo(Span<byte> to)
    {
        Header.Span.CopyTo(to);
        var at = Header.Length;
        foreach (var piece in Body)
        {
            piece.Span.CopyTo(to[at..]);
            at += piece.Length;
        }
    }
}
