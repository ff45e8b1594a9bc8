namespace Newsletter.Mailroom;

/// <summary>What an LMTP line takes, at most.</summary>
/// <param name="MaxSize">Octets of a message.</param>
/// <param name="MaxRecipients">Recipients of a message (RFC 5321 §4.5.3.1.8 asks for 100).</param>
/// <param name="MaxFaults">Commands that are none, or not now, until the line is closed.</param>
/// <param name="Silence">How long the other side may say nothing.</param>
internal sealed record LmtpBounds(int MaxSize, int MaxRecipients, int MaxFaults, TimeSpan Silence)
{
    /// <summary>Octets of a command; RFC 5321 §4.5.3.1.4 asks for 512, parameters come on top.</summary>
    public const int MaxCommand = 2048;

    public static LmtpBounds Usual(TimeSpan silence) => new(32 << 20, 100, 20, silence);
}
