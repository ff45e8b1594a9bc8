using System.Globalization;
using System.Text;
using Newsletter.Composing;

namespace Newsletter.Mailroom;

/// <summary>MAIL and RCPT of a letter, with the parameters that the relay of a line takes.</summary>
internal readonly record struct BulkEnvelope(string Mail, string Rcpt)
{
    private const int LongestEnvelopeId = 100; // RFC 3461 §4.4

    /// <exception cref="ArgumentException">An address is more than one line: what follows would be a command of somebody else's.</exception>
    public static BulkEnvelope Of(BulkLine line, Letter letter) => new(
        SmtpDialogue.OneLine($"MAIL FROM:<{letter.Sender}>{SenderParameters(line, letter)}"), SmtpDialogue.OneLine($"RCPT TO:<{letter.Recipient}>{RecipientParameters(line, letter)}"));

    private static string SenderParameters(BulkLine line, Letter letter) => string.Concat(
        line.TakesSize ? string.Create(CultureInfo.InvariantCulture, $" SIZE={letter.Length}") : "",
        Ascii.IsValid(letter.Recipient) ? "" : " SMTPUTF8",
        line.TellsOfDelivery ? letter.MessageId.Length <= LongestEnvelopeId ? $" RET=HDRS ENVID={XText(letter.MessageId)}" : " RET=HDRS" : "");

    /// <summary>SUCCESS would ask for a mail a reader. Nobody is told of a letter from the null sender.</summary>
    private static string RecipientParameters(BulkLine line, Letter letter) => !line.TellsOfDelivery ? ""
        : letter.Sender.Length == 0 ? " NOTIFY=NEVER"
        : $" NOTIFY=FAILURE,DELAY ORCPT={(Ascii.IsValid(letter.Recipient) ? "rfc822" : "utf-8")};{XText(letter.Recipient)}";

    /// <summary>RFC 3461 §4.</summary>
    private static string XText(string value)
    {
        var text = new StringBuilder(value.Length);
        foreach (var c in value)
            if (c is '+' or '=' or <= ' ')
                text.Append(CultureInfo.InvariantCulture, $"+{(int)c:X2}");
            else
                text.Append(c);
        return text.ToString();
    }
}
