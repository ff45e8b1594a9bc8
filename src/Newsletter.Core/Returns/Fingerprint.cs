using System.Security.Cryptography;
using System.Text;
using Newsletter.Addresses;
using Newsletter.Classifying;

namespace Newsletter.Returns;

/// <summary>By what a mail is known again when it comes a second time, whichever way it comes: what its author wrote, and to which sealed address of ours.</summary>
/// <remarks>
/// Servers on the way add fields (Received, Return-Path, Delivered-To, ARC-*, Authentication-Results, X-Spam-* and so on) and change line ends, so no field
/// counts but the author's (<see cref="Authors"/>), unfolded, with blanks made single; and the body, its lines ended by LF, without blank lines at its end and
/// without the <c>&gt;</c> that an mbox file puts before <c>From </c>. The same words to two addresses of ours are two mails. Of a mail that has neither
/// Message-ID nor Date the first server's Received counts as well: else one who leaves, comes back and leaves in the same words would be heard once.
/// What re-codes the body or rewrites the subject on the way makes another mail of it.
/// </remarks>
public static class Fingerprint
{
    private static readonly string[] Authors = ["From", "Sender", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References"];

    /// <summary>Where servers note whom a mail came to; the nearest to us first.</summary>
    private static readonly string[] Recipients = ["Delivered-To", "X-Original-To", "X-Delivered-To", "Envelope-To", "X-Envelope-To", "X-Rcpt-To", "To", "Cc"];

    private static readonly TokenPurpose[] Purposes = [TokenPurpose.ReturnPath, TokenPurpose.Unsubscribe, TokenPurpose.Reply];

    /// <summary>The fingerprint: <c>1-</c> and 64 hexadecimal digits. Any bytes have one; nothing is parsed but the header's lines.</summary>
    /// <param name="raw">The mail as it came; fields that the way in put before it count as its header.</param>
    /// <param name="ours">Reads the seals of our addresses.</param>
    public static string Of(ReadOnlyMemory<byte> raw, OurAddresses ours)
    {
        var lines = new MailLines(raw.Span[MboxLine.Length(raw.Span)..]);
        var fields = HeaderFields.Read(ref lines);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in Authors)
            foreach (var value in fields.All(name))
                Add(hash, $"{name}:{value}");
        if (fields.First("Message-ID") is null && fields.First("Date") is null)
            Add(hash, $"Received:{fields.All("Received").LastOrDefault()}");
        Add(hash, $"seal:{Seal(fields, ours)}");
        AddBody(hash, lines);
        return $"1-{Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    /// <summary>The first address of ours, among those it came to, whose seal holds; empty for none.</summary>
    private static string Seal(HeaderFields fields, OurAddresses ours) =>
        Recipients.SelectMany(fields.All).SelectMany(Words).FirstOrDefault(word => IsSealed(word, ours))?.ToLowerInvariant() ?? "";

    private static bool IsSealed(string word, OurAddresses ours) =>
        Array.Exists(Purposes, purpose => ours.ReadRecipient(purpose, word) is not null) || ours.ReadThread(word) is not null || ours.ReadProbe(word) is not null;

    /// <summary>What could be an address; a limit on how many, since each costs a hash.</summary>
    private static IEnumerable<string> Words(string value) =>
        value.Split([' ', ',', ';', '<', '>', '"', '(', ')', ':'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length <= 320 && word.Contains('@')).Take(50);

    private static void Add(IncrementalHash hash, string line)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(line));
        hash.AppendData("\n"u8);
    }

    private static void AddBody(IncrementalHash hash, MailLines lines)
    {
        var blank = 0;
        while (lines.Next(out var line))
        {
            if (line.IsEmpty)
            {
                blank++;
                continue;
            }
            for (; blank > 0; blank--)
                hash.AppendData("\n"u8);
            hash.AppendData(WithoutMboxMark(line));
            hash.AppendData("\n"u8);
        }
    }

    private static ReadOnlySpan<byte> WithoutMboxMark(ReadOnlySpan<byte> line) =>
        line.TrimStart((byte)'>') is var bare && bare.StartsWith("From "u8) ? bare : line;
}
