using System.Diagnostics;
using Newsletter.Composing;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>A kept line of our own, for relays that take commands one behind the other: several letters cost one wait with CHUNKING (RFC 3030), one costs two without.</summary>
internal sealed partial class BulkConnection(RelayOptions relay, TimeProvider time) : KeptConnection(relay, time)
{
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(5);

    private BulkLine? line;
    private bool mustReset;
    private bool isOutOfStep; // the relay and we may not speak of the same letter: the line is of no more use
    private SmtpStage stage;
    private SmtpOutcome? refusal; // of the envelope: nothing that comes after it makes it undone
    private SmtpOutcome? closing; // a 421: the relay is to close the line
    private long closedAt; // so much was heard with it
    private CancellationTokenSource? goodbye; // for what comes after it
    private TimeSpan waited; // for lines before
    private bool isFresh; // no letter went yet: the relay may take no second one

    /// <summary>Whether the relay of the open line takes this way of sending.</summary>
    public bool IsOffered => line is { Pipelines: true };

    public override bool TakesSeveral => line is { TakesChunks: true };

    public override int AtOnce => TakesSeveral && !isFresh ? Math.Clamp(Room, 1, Lines.Deepest) : 1;

    public override TimeSpan Waited => waited + (line?.Waited ?? TimeSpan.Zero);

    protected override bool HasLine => line is not null;

    protected override bool IsOpen => line is { IsOver: false };

    protected override bool TakesUtf8 => line!.TakesUtf8;

    protected override long? MostOctets => line!.MostOctets;

    protected override async Task<SmtpOutcome?> ConnectAsync(CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            using var patience = RelayLine.Patience(Relay, stop);
            line = await BulkLine.OpenAsync(Relay, reached => stage = reached, patience.Token);
            waited -= line.Waited; // it is part of what follows
            isFresh = true;
            return null;
        }
        catch (Exception e) when (!stop.IsCancellationRequested && (RelayTrouble.IsOfTheLine(e) || e is NotSupportedException))
        {
            return RelayTrouble.WhileOpening(e, stage, Relay);
        }
        finally
        {
            waited += Stopwatch.GetElapsedTime(began);
        }
    }

    protected override SmtpOutcome[] HandOver(IReadOnlyList<Letter> letters)
    {
        var outcomes = new List<SmtpOutcome>(letters.Count);
        while (outcomes.Count < letters.Count)
            if (line is null)
                outcomes.Add(SmtpReplies.Lost(SmtpStage.Sender, "the line was lost with a letter before"));
            else if (line.TakesChunks)
                outcomes.AddRange(InChunks(Some(letters, outcomes.Count), line.Dialogue));
            else
                outcomes.Add(One(letters[outcomes.Count], line.Dialogue));
        return [.. outcomes];
    }

    /// <summary>Where the line broke, was too slow or is of no more use, it is let go.</summary>
    private SmtpOutcome One(Letter letter, SmtpDialogue dialogue)
    {
        (stage, refusal, closing, isOutOfStep) = (SmtpStage.Sender, null, null, false);
        try
        {
            var outcome = WithFinalDot(letter, dialogue);
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

    private SmtpOutcome WithFinalDot(Letter letter, SmtpDialogue dialogue)
    {
        var resets = mustReset;
        QueueEnvelope(BulkEnvelope.Of(line!, letter), dialogue, resets);
        dialogue.Queue("DATA");
        dialogue.Send();
        ReadEnvelope(dialogue, resets, toItsEnd: false);
        if (closing is not null)
            return closing;
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
        return Judge(reply, dialogue.HasSent);
    }

    /// <summary>What the reply to the letter means. One that comes before all has left us can only refuse.</summary>
    private static SmtpOutcome Judge(SmtpReply reply, bool hasLeft) =>
        reply.IsPositive && !hasLeft
            ? SmtpReplies.Lost(SmtpStage.Data, $"the relay said {reply.Code} before it had the letter")
            : SmtpReplies.Read(SmtpStage.AfterDot, reply.Code, reply.Words);

    private static void QueueEnvelope(BulkEnvelope envelope, SmtpDialogue dialogue, bool resets)
    {
        if (resets)
            dialogue.Queue("RSET");
        dialogue.Queue(envelope.Mail);
        dialogue.Queue(envelope.Rcpt);
    }

    private static void QueueLetter(Letter letter, SmtpDialogue dialogue)
    {
        dialogue.Queue(letter.Header.Span);
        foreach (var piece in letter.Body)
            dialogue.Queue(piece.Span);
    }

    /// <summary>Reads the replies to the envelope; a refusal is kept as soon as it is known.</summary>
    /// <param name="dialogue">The line.</param>
    /// <param name="resets">Whether RSET stands before it.</param>
    /// <param name="toItsEnd">Whether it is read on behind a 421.</param>
    private void ReadEnvelope(SmtpDialogue dialogue, bool resets, bool toItsEnd)
    {
        // Who does not know RSET may still have an envelope whose letter was not taken: nobody knows then whose refusal comes next.
        isOutOfStep = resets && Refusal(dialogue, SmtpStage.Sender) is not null and not SmtpOutcome.Deferred { Code: 421 } && mustReset;
        if (closing is not null && !toItsEnd)
            return;
        refusal = Refusal(dialogue, SmtpStage.Sender);
        if (isOutOfStep && refusal is not null)
            refusal = SmtpReplies.Lost(SmtpStage.Sender, $"the relay took neither RSET nor the next MAIL: {refusal.Words}");
        if (closing is not null && !toItsEnd)
            return;
        if (stage is SmtpStage.Sender)
            stage = SmtpStage.Recipient;
        var recipient = Refusal(dialogue, SmtpStage.Recipient);
        refusal ??= recipient;
    }

    /// <summary>The next reply; null where it is none.</summary>
    private SmtpOutcome? Refusal(SmtpDialogue dialogue, SmtpStage command)
    {
        var reply = dialogue.Read();
        if (reply.Code is >= 300 and < 400)
            throw new IOException($"the relay said {reply.Code} where that is no answer");
        return reply.IsPositive ? null : MindClosing(SmtpReplies.Read(command, reply.Code, reply.Words), dialogue);
    }

    /// <summary>With 421 the line is to end: it is waited for a moment and no more.</summary>
    private SmtpOutcome MindClosing(SmtpOutcome outcome, SmtpDialogue dialogue)
    {
        if (closing is not null || outcome is not SmtpOutcome.Deferred { Code: 421 })
            return outcome;
        (closing, closedAt, goodbye) = (outcome, dialogue.Heard, new(Relay.Timeout < Goodbye ? Relay.Timeout : Goodbye));
        line!.Hurry(goodbye.Token);
        return outcome;
    }

    protected override void Close()
    {
        if (line is { IsOver: false })
            line.Quit();
        Drop();
    }

    private void Drop()
    {
        waited += line?.Waited ?? TimeSpan.Zero;
        line?.Dispose();
        goodbye?.Dispose();
        (line, goodbye, mustReset) = (null, null, false);
        LetGo();
    }
}
