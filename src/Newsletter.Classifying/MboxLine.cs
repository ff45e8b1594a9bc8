namespace Newsletter.Classifying;

/// <summary>The line <c>From …</c> that an mbox file puts before a mail (RFC 4155), which is no header; some programs leave it as <c>&gt;From …</c>.</summary>
public static class MboxLine
{
    /// <summary>How many octets at the beginning of a mail are that line, its end included; 0 where there is none.</summary>
    public static int Length(ReadOnlySpan<byte> mail) => mail.StartsWith("From "u8) || mail.StartsWith(">From "u8) ? mail.IndexOf((byte)'\n') + 1 : 0;
}
