using System.Security.Cryptography;

namespace Newsletter.Addresses;

/// <summary>What a sealed token is for. Each purpose has a key of its own, so a token of one is refused by the others.</summary>
public enum TokenPurpose
{
    /// <summary>The envelope sender of one delivery (VERP).</summary>
    ReturnPath,
    /// <summary>Leaving: the link, the one-click POST and the mailto.</summary>
    Unsubscribe,
    /// <summary>The Reply-To of one delivery, where replies are received by us.</summary>
    Reply,
    /// <summary>The Message-ID of one delivery.</summary>
    MessageId,
    /// <summary>The page of choices that a letter leads to: by it whoever has the letter may do what harms nobody.</summary>
    Preferences,
    /// <summary>The envelope sender and Message-ID of a probe: the token names the probe where others name the edition.</summary>
    Probe,
    /// <summary>The Reply-To of what we answer a reader: names the conversation.</summary>
    Thread,
    /// <summary>The Reply-To of a reply that is handed on to the editor: names the conversation and the reply, and only the editor has it.</summary>
    Forward,
    /// <summary>Taking an unsubscribe back: goes to the subscriber's own address alone, while a letter's link may have been handed on. Names the farewell.</summary>
    TakeBack,
    /// <summary>Confirming a sign-up: goes to the address that was given, and to nobody else. Names the sign-up and when it was made.</summary>
    Confirm,
    /// <summary>What a sign-up form was shown with: when, and in which words.</summary>
    Form,
    /// <summary>A subscriber's own page: goes to their mailbox alone and is good for a while. Names that mail.</summary>
    OwnPage,
    /// <summary>Taking a new address: goes to that address alone. Names that mail.</summary>
    NewAddress,
}

/// <summary>Names a delivery in a way that nobody else can write: key id, edition, subscriber and 80 bits of HMAC-SHA-256; 128 bits where it stands in an address of the web alone, which has room for them.</summary>
/// <remarks>
/// Lower-case base32 (RFC 4648 §6 alphabet, no padding), since some systems fold the case of a local part. At most 47 characters in a mail address; 64 octets are
/// allowed (RFC 5321 §4.5.3.1.1). A token never expires by itself: people click years later. It is refused when its key leaves the ring.
/// </remarks>
public sealed class SealedTokens(KeyRing ring)
{
    private const int ShortSeal = 10, LongSeal = 16;
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private readonly Dictionary<(byte, TokenPurpose), ThreadLocal<IncrementalHash>> seals = (
        from id in ring.Keys.Keys
        from purpose in Enum.GetValues<TokenPurpose>()
        let key = ring.For(id, $"token {purpose}")!
        // One for each thread: a new one costs more than the sealing.
        select ((id, purpose), seal: new ThreadLocal<IncrementalHash>(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key)))).ToDictionary(pair => pair.Item1, pair => pair.seal);

    /// <summary>The token of a delivery.</summary>
    public string Write(TokenPurpose purpose, DeliveryId delivery) => Write(purpose, delivery.Edition.Value, delivery.Subscriber.Value);

    /// <summary>The token of two numbers, none negative.</summary>
    public string Write(TokenPurpose purpose, long first, long second)
    {
        Span<byte> bytes = stackalloc byte[1 + 9 + 9 + LongSeal];
        bytes[0] = ring.Current;
        var length = 1;
        length += WriteNumber(bytes[length..], first);
        length += WriteNumber(bytes[length..], second);
        var seal = SealLength(purpose);
        Seal(seals[(ring.Current, purpose)], bytes[..length], bytes.Slice(length, seal));
        return ToBase32(bytes[..(length + seal)]);
    }

    /// <summary>Null where the text is no token of this purpose, was altered, or its key is unknown. Letter case does not matter.</summary>
    public DeliveryId? Read(TokenPurpose purpose, ReadOnlySpan<char> token) => ReadNumbers(purpose, token) is var (edition, subscriber) ? DeliveryId.Of(edition, subscriber) : null;

    /// <summary>The two numbers of a token; null as for <see cref="Read"/>.</summary>
    public (long First, long Second)? ReadNumbers(TokenPurpose purpose, ReadOnlySpan<char> token)
    {
        Span<byte> bytes = stackalloc byte[1 + 9 + 9 + LongSeal];
        var sealLength = SealLength(purpose);
        if (FromBase32(token, bytes) is not { } length || length <= sealLength || !seals.TryGetValue((bytes[0], purpose), out var seal))
            return null;
        var sealedPart = bytes[..(length - sealLength)];
        Span<byte> right = stackalloc byte[sealLength];
        Seal(seal, sealedPart, right);
        if (!CryptographicOperations.FixedTimeEquals(right, bytes[(length - sealLength)..length]))
            return null;
        var rest = sealedPart[1..];
        return ReadNumber(ref rest) is { } first && ReadNumber(ref rest) is { } second && rest.IsEmpty ? (first, second) : null;
    }

    private static void Seal(ThreadLocal<IncrementalHash> seal, ReadOnlySpan<byte> bytes, Span<byte> to)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        seal.Value!.AppendData(bytes);
        seal.Value.GetHashAndReset(whole);
        whole[..to.Length].CopyTo(to);
    }

    private static int SealLength(TokenPurpose purpose) => purpose is TokenPurpose.Preferences or TokenPurpose.Confirm or TokenPurpose.Form or TokenPurpose.OwnPage or TokenPurpose.NewAddress ? LongSeal : ShortSeal;

    /// <summary>Seven bits a byte, least first, the high bit says that more follow.</summary>
    private static int WriteNumber(Span<byte> to, long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        var length = 0;
        do
        {
            to[length++] = (byte)(value > 0x7F ? (value & 0x7F) | 0x80 : value);
            value >>= 7;
        } while (value > 0);
        return length;
    }

    private static long? ReadNumber(ref Span<byte> from)
    {
        long value = 0;
        for (var i = 0; i < from.Length && i < 9; i++)
        {
            value |= (long)(from[i] & 0x7F) << (7 * i);
            if (from[i] > 0x7F)
                continue;
            from = from[(i + 1)..];
            return value;
        }
        return null;
    }

    private static string ToBase32(ReadOnlySpan<byte> bytes)
    {
        var text = new char[((bytes.Length * 8) + 4) / 5];
        int bits = 0, buffer = 0, next = 0;
        foreach (var octet in bytes)
        {
            buffer = (buffer << 8) | octet;
            for (bits += 8; bits >= 5; bits -= 5)
                text[next++] = Alphabet[(buffer >> (bits - 5)) & 31];
            buffer &= (1 << bits) - 1;
        }
        if (bits > 0)
            text[next] = Alphabet[(buffer << (5 - bits)) & 31];
        return new(text);
    }

    /// <summary>The number of bytes, or null: a foreign character, too long, or bits left over that are not zero (one token, one spelling).</summary>
    private static int? FromBase32(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        int bits = 0, buffer = 0, next = 0;
        foreach (var letter in text)
        {
            var value = Alphabet.IndexOf(char.ToLowerInvariant(letter), StringComparison.Ordinal);
            if (value < 0)
                return null;
            buffer = (buffer << 5) | value;
            if ((bits += 5) < 8)
                continue;
            if (next == bytes.Length)
                return null;
            bytes[next++] = (byte)(buffer >> (bits -= 8));
            buffer &= (1 << bits) - 1;
        }
        return bits < 5 && buffer == 0 ? next : null;
    }
}
