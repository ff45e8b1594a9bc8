using Newsletter.Addresses;

namespace Newsletter.Composing;

/// <summary>The finished message of one delivery (or of one automatic mail) with its envelope (RFC 5321 §3.3): signed, to be sent as it is.</summary>
/// <param name="Delivery">Whose it is; null for automatic mails and proofs, which are counted nowhere.</param>
/// <param name="Sender">MAIL FROM: a Return-Path of ours; empty for the null sender, so that no bounce can come.</param>
/// <param name="Recipient">RCPT TO, the domain as A-label. One recipient a letter.</param>
/// <param name="MessageId">Without its angle brackets; the same for every attempt.</param>
/// <param name="Bytes">CRLF line ends, not dot-stuffed. A changed octet breaks the DKIM signature.</param>
public sealed record Letter(DeliveryId? Delivery, string Sender, string Recipient, string MessageId, ReadOnlyMemory<byte> Bytes);
