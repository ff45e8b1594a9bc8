using System.Globalization;
using System.Text;
using Newsletter.Composing;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>A kept line of our own, for relays that take commands one behind the other: a letter costs one wait with CHUNKING (RFC 3030), two without.</summary>
internal sealed class BulkConnection(RelayOptions relay) : KeptConnection(relay)
{
    private const int LongestEnvelopeId = 100; // RFC 3461 §4.4

    private BulkLine? line;
    private bool mustReset;
    private SmtpStage stage;

    /// <summary>Whether the relay of the open line takes this way of sending.</summary>
    public bool IsOffered => line is { Pipelines: true };

    protected override bool HasLine => line is not null;

    protected override bool IsOpen => line is { IsOver: false };

    protected override bool TakesUtf8 => line!.TakesUtf8;

    protected override async Task<SmtpOutcome?> ConnectAsync(CancellationToken stop)
    {
        try
        {
            using var patience = RelayLine.Patience(Relay, stop);
            line = await BulkLine.OpenAsync(Relay, reached => stage = reached, patience.Token);
            return null;
        }
        catch (Exception e) when (!stop.IsCancellationRequested && (RelayTrouble.IsOfTheLine(e) || e is NotSupportedException))
        {
            return RelayTrouble.WhileOpening(e, stage, Relay);
        }
    }

    protected override async Task<SmtpOutcome> HandOverAsync(Letter letter)
    {
        try
        {
            var outcome = line!.TakesChunks ? await InOneChunkAsync(letter, line.Dialogue) : await WithFinalDotAsync(letter, line.Dialogue);
            if (outcome is SmtpOutcome.Deferred { Code: 421 })
                await DropAsync();
            return outcome;
        }
        catch (Exception e) when (RelayTrouble.IsOfTheLine(e))
        {
            await DropAsync();
            return RelayTrouble.WhileSending(e, stage);
        }
    }

    /// <summary>Envelope and letter in one go. From there on nothing but a reply says whether the letter has been taken.</summary>
    private async Task<SmtpOutcome> InOneChunkAsync(Letter letter, SmtpDialogue dialogue)
    {
        stage = SmtpStage.Sender;
        var resets = QueueEnvelope(letter, dialogue);
        dialogue.Queue(string.Create(CultureInfo.InvariantCulture, $"BDAT {letter.Length} LAST"));
        QueueLetter(letter, dialogue);
        await FlushAsync(dialogue);
        stage = SmtpStage.AfterDot;
        var refusal = await ReadEnvelopeAsync(dialogue, resets);
        if (refusal is SmtpOutcome.Deferred { Code: 421 })
            return refusal;
        var reply = await dialogue.ReadAsync(CancellationToken.None);
        mustReset = refusal is not null || !reply.IsPositive;
        return refusal ?? SmtpReplies.Read(SmtpStage.AfterDot, reply.Code, reply.Words);
    }

    private async Task<SmtpOutcome> WithFinalDotAsync(Letter letter, SmtpDialogue dialogue)
    {
        stage = SmtpStage.Sender;
        var resets = QueueEnvelope(letter, dialogue);
        dialogue.Queue("DATA");
        await dialogue.FlushAsync(CancellationToken.None);
        var refusal = await ReadEnvelopeAsync(dialogue, resets);
        if (refusal is SmtpOutcome.Deferred { Code: 421 })
            return refusal;
        stage = SmtpStage.Data;
        var reply = await dialogue.ReadAsync(CancellationToken.None);
        mustReset = true;
        if (reply.Code is 354 && refusal is not null)
            await dialogue.AskAsync(".", CancellationToken.None); // it would have a letter to nobody: an empty one (RFC 2920 §3.1)
        if (refusal is not null || reply.Code is not 354)
            return refusal ?? SmtpReplies.Read(SmtpStage.Data, reply.Code, reply.Words);

        QueueLetter(letter, dialogue);
        dialogue.Queue(letter.EndsWithLine ? ".\r\n"u8 : "\r\n.\r\n"u8);
        await FlushAsync(dialogue);
        stage = SmtpStage.AfterDot;
        reply = await dialogue.ReadAsync(CancellationToken.None);
        mustReset = false;
        return SmtpReplies.Read(SmtpStage.AfterDot, reply.Code, reply.Words);
    }

    /// <summary>Where the writing breaks the last octets have not left us; where it took too long they may have.</summary>
    private async Task FlushAsync(SmtpDialogue dialogue)
    {
        try
        {
            await dialogue.FlushAsync(CancellationToken.None);
        }
        catch (TimeoutException)
        {
            stage = SmtpStage.AfterDot;
            throw;
        }
    }

    private bool QueueEnvelope(Letter letter, SmtpDialogue dialogue)
    {
        var resets = mustReset;
        if (resets)
            dialogue.Queue("RSET");
        dialogue.Queue($"MAIL FROM:<{letter.Sender}>{SenderParameters(letter)}");
        dialogue.Queue($"RCPT TO:<{letter.Recipient}>{RecipientParameters(letter)}");
        return resets;
    }

    private string SenderParameters(Letter letter) => string.Concat(
        line!.TakesSize ? string.Create(CultureInfo.InvariantCulture, $" SIZE={letter.Length}") : "",
        Ascii.IsValid(letter.Recipient) ? "" : " SMTPUTF8",
        line.TellsOfDelivery ? letter.MessageId.Length <= LongestEnvelopeId ? $" RET=HDRS ENVID={XText(letter.MessageId)}" : " RET=HDRS" : "");

    /// <summary>SUCCESS would ask for a mail a reader. Nobody is told of a letter from the null sender.</summary>
    private string RecipientParameters(Letter letter) => !line!.TellsOfDelivery ? ""
        : letter.Sender.Length == 0 ? " NOTIFY=NEVER"
        : $" NOTIFY=FAILURE,DELAY ORCPT={(Ascii.IsValid(letter.Recipient) ? "rfc822" : "utf-8")};{XText(letter.Recipient)}";

    private static void QueueLetter(Letter letter, SmtpDialogue dialogue)
    {
        dialogue.Queue(letter.Header.Span);
        foreach (var piece in letter.Body)
            dialogue.Queue(piece.Span);
    }

    private async Task<SmtpOutcome?> ReadEnvelopeAsync(SmtpDialogue dialogue, bool resets)
    {
        if (resets && await dialogue.ReadAsync(CancellationToken.None) is { IsPositive: false } reset)
            return SmtpReplies.Read(SmtpStage.Sender, reset.Code, reset.Words);
        var sender = await dialogue.ReadAsync(CancellationToken.None);
        if (sender.Code == 421)
            return SmtpReplies.Read(SmtpStage.Sender, sender.Code, sender.Words);
        if (stage is SmtpStage.Sender)
            stage = SmtpStage.Recipient;
        var recipient = await dialogue.ReadAsync(CancellationToken.None);
        return !sender.IsPositive ? SmtpReplies.Read(SmtpStage.Sender, sender.Code, sender.Words)
            : !recipient.IsPositive ? SmtpReplies.Read(SmtpStage.Recipient, recipient.Code, recipient.Words)
            : null;
    }

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

    protected override async Task CloseAsync()
    {
        if (line is { IsOver: false })
            await line.QuitAsync();
        await DropAsync();
    }

    private async Task DropAsync()
    {
        if (line is not null)
            await line.DisposeAsync();
        (line, mustReset) = (null, false);
        LetGo();
    }
}
