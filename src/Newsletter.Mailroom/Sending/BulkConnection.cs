using System.Globalization;
using System.Text;
using Newsletter.Composing;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>A kept line of our own, for relays that take commands one behind the other: a letter costs one wait with CHUNKING (RFC 3030), two without.</summary>
internal sealed class BulkConnection(RelayOptions relay, TimeProvider time) : KeptConnection(relay, time)
{
    private const int LongestEnvelopeId = 100; // RFC 3461 §4.4

    private BulkLine? line;
    private bool mustReset;
    private bool isOutOfStep; // the relay and we may not speak of the same letter: the line is of no more use
    private SmtpStage stage;
    private SmtpOutcome? refusal; // of the envelope: nothing that comes after it makes it undone

    /// <summary>Whether the relay of the open line takes this way of sending.</summary>
    public bool IsOffered => line is { Pipelines: true };

    protected override bool HasLine => line is not null;

    protected override bool IsOpen => line is { IsOver: false };

    protected override bool TakesUtf8 => line!.TakesUtf8;

    protected override long? MostOctets => line!.MostOctets;

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

    protected override SmtpOutcome HandOver(Letter letter)
    {
        var dialogue = line!.Dialogue;
        (refusal, isOutOfStep) = (null, false);
        try
        {
            var outcome = line.TakesChunks ? InOneChunk(letter, dialogue) : WithFinalDot(letter, dialogue);
            if (isOutOfStep || outcome is SmtpOutcome.Deferred { Code: null or 421 } or SmtpOutcome.InDoubt || !dialogue.HasSent)
                Drop();
            return outcome;
        }
        catch (Exception e) when (RelayTrouble.IsOfTheLine(e))
        {
            // Where the sending broke or was too slow the last octets have not left us.
            var reached = dialogue.HasSent || stage < SmtpStage.Data ? stage : SmtpStage.Data;
            Drop();
            return refusal ?? RelayTrouble.WhileSending(e, reached);
        }
    }

    /// <summary>Envelope and letter in one go. From there on nothing but a reply says whether the letter has been taken.</summary>
    private SmtpOutcome InOneChunk(Letter letter, SmtpDialogue dialogue)
    {
        stage = SmtpStage.AfterDot;
        var resets = QueueEnvelope(letter, dialogue);
        dialogue.Queue(string.Create(CultureInfo.InvariantCulture, $"BDAT {letter.Length} LAST"));
        QueueLetter(letter, dialogue);
        dialogue.Send();
        ReadEnvelope(dialogue, resets);
        if (refusal is SmtpOutcome.Deferred { Code: 421 })
            return refusal;
        var reply = dialogue.Read();
        mustReset = refusal is not null || !reply.IsPositive;
        return refusal ?? Judge(dialogue, reply);
    }

    private SmtpOutcome WithFinalDot(Letter letter, SmtpDialogue dialogue)
    {
        stage = SmtpStage.Sender;
        var resets = QueueEnvelope(letter, dialogue);
        dialogue.Queue("DATA");
        dialogue.Send();
        ReadEnvelope(dialogue, resets);
        if (refusal is SmtpOutcome.Deferred { Code: 421 })
            return refusal;
        stage = SmtpStage.Data;
        var reply = dialogue.Read();
        mustReset = true;
        if (reply.Code is 354 && refusal is not null)
            dialogue.Ask("."); // it would have a letter to nobody: an empty one (RFC 2920 §3.1)
        if (refusal is not null || reply.Code is not 354)
            return refusal ?? SmtpReplies.Read(SmtpStage.Data, reply.Code, reply.Words);
        if (dialogue.HasUnread)
            throw new IOException("the relay said more than 354, and would be taken to have answered to the letter");

        QueueLetter(letter, dialogue);
        dialogue.Queue(letter.EndsWithLine ? ".\r\n"u8 : "\r\n.\r\n"u8);
        stage = SmtpStage.AfterDot;
        dialogue.Send();
        reply = dialogue.Read();
        mustReset = false;
        return Judge(dialogue, reply);
    }

    /// <summary>What the reply to the letter means. One that comes before all has left us can only refuse.</summary>
    private static SmtpOutcome Judge(SmtpDialogue dialogue, SmtpReply reply) =>
        reply.IsPositive && !dialogue.HasSent
            ? SmtpReplies.Lost(SmtpStage.Data, $"the relay said {reply.Code} before it had the letter")
            : SmtpReplies.Read(SmtpStage.AfterDot, reply.Code, reply.Words);

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

    /// <summary>Reads the replies to the envelope; a refusal is kept as soon as it is known. With 421 nothing more will come.</summary>
    private void ReadEnvelope(SmtpDialogue dialogue, bool resets)
    {
        // Who does not know RSET may still have the last envelope: nobody knows then whose refusal comes next.
        isOutOfStep = resets && !IsTaken(dialogue, SmtpStage.Sender);
        if (isOutOfStep && refusal is not SmtpOutcome.Deferred { Code: 421 })
            refusal = null;
        if (refusal is not null)
            return;
        if (!IsTaken(dialogue, SmtpStage.Sender) && isOutOfStep)
            refusal = SmtpReplies.Lost(SmtpStage.Sender, $"the relay took neither RSET nor the next MAIL: {refusal!.Words}");
        if (refusal is SmtpOutcome.Deferred { Code: 421 })
            return;
        if (stage is SmtpStage.Sender)
            stage = SmtpStage.Recipient;
        IsTaken(dialogue, SmtpStage.Recipient);
    }

    private bool IsTaken(SmtpDialogue dialogue, SmtpStage command)
    {
        var reply = dialogue.Read();
        if (reply.Code is >= 300 and < 400)
            throw new IOException($"the relay said {reply.Code} where that is no answer");
        if (!reply.IsPositive)
            refusal ??= SmtpReplies.Read(command, reply.Code, reply.Words);
        return reply.IsPositive;
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

    protected override void Close()
    {
        if (line is { IsOver: false })
            line.Quit();
        Drop();
    }

    private void Drop()
    {
        line?.Dispose();
        (line, mustReset) = (null, false);
        LetGo();
    }
}
