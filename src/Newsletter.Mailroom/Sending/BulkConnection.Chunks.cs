using System.Globalization;
using Newsletter.Composing;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <content>Letters one behind the other in chunks (RFC 3030), before the first is answered.</content>
internal sealed partial class BulkConnection
{
    private const int MostUnderWay = 1024 * 1024; // octets at a time: what the line does not take lies in memory

    private bool isClosed; // the line ended right behind a 421

    /// <summary>As many as may be under way, from one on.</summary>
    private static List<Letter> Some(IReadOnlyList<Letter> letters, int from)
    {
        var (some, octets) = (new List<Letter>(letters.Count), 0L);
        for (var i = from; i < letters.Count && (i == from || octets + letters[i].Length <= MostUnderWay); octets += letters[i++].Length)
            some.Add(letters[i]);
        return some;
    }

    /// <summary>Envelopes and letters in one go. From there on nothing but its reply says whether a letter has been taken.</summary>
    private SmtpOutcome[] InChunks(List<Letter> letters, SmtpDialogue dialogue)
    {
        var owed = new Owed[letters.Count];
        var envelopes = letters.ConvertAll(letter => BulkEnvelope.Of(line!, letter)); // first: a fault of ours must not come with others on their way
        for (var i = 0; i < owed.Length; i++)
        {
            var resets = mustReset || i > 0; // the one before may be refused, and leaves its envelope open
            QueueEnvelope(envelopes[i], dialogue, resets);
            dialogue.Queue(string.Create(CultureInfo.InvariantCulture, $"BDAT {letters[i].Length} LAST"));
            QueueLetter(letters[i], dialogue);
            owed[i] = new(resets, IsFirst: i == 0, dialogue.Place);
        }
        Send(dialogue);
        stage = SmtpStage.AfterDot;
        isFresh = false;
        return ReadAnswers(owed, dialogue);
    }

    private SmtpOutcome[] ReadAnswers(Owed[] owed, SmtpDialogue dialogue)
    {
        var outcomes = new List<SmtpOutcome>(owed.Length);
        (closing, isClosed) = (null, false);
        foreach (var one in owed)
            outcomes.Add(line is not null ? Heard(one, dialogue) : Unanswered(outcomes[^1], dialogue.HasLeft(one.End)));
        if (line is not null && (IsOneTooMany(dialogue, outcomes) || closing is not null))
            Drop();
        return [.. outcomes];
    }

    /// <summary>What the relay says of one letter; where the line broke, was too slow or is of no more use, it is let go.</summary>
    private SmtpOutcome Heard(Owed one, SmtpDialogue dialogue)
    {
        (refusal, isOutOfStep) = (null, false);
        var before = closing;
        try
        {
            var outcome = Answer(one, dialogue);
            if (isOutOfStep || outcome is SmtpOutcome.Deferred { Code: null } or SmtpOutcome.InDoubt || !dialogue.HasLeft(one.End))
                Drop();
            return outcome;
        }
        catch (Exception e) when (RelayTrouble.IsOfTheLine(e))
        {
            var lost = RelayTrouble.WhileSending(e, dialogue.HasLeft(one.End) ? SmtpStage.AfterDot : SmtpStage.Data);
            isClosed = closing is not null && !dialogue.HasSpokenSince(closedAt);
            Drop();
            return isClosed ? before is null ? closing! : Unanswered(before, hasLeft: true)
                : isOutOfStep || closing is not null ? lost
                : refusal ?? lost;
        }
    }

    /// <summary>Reads on behind a 421: who says it is to close the line, and who goes on all the same may take this letter and those behind it.</summary>
    private SmtpOutcome Answer(Owed one, SmtpDialogue dialogue)
    {
        ReadEnvelope(dialogue, one.Resets, toItsEnd: true);
        mustReset = true;
        var reply = dialogue.Read();
        mustReset = refusal is not null || !reply.IsPositive;
        // Who took neither RSET nor MAIL may still have taken the letter, into the envelope of the one before; and replies may be those to another's commands.
        if ((isOutOfStep && (!one.IsFirst || (reply.IsPositive && refusal is not null))) || (reply.IsPositive && refusal is SmtpOutcome.Deferred { Code: 421 }))
            return SmtpReplies.Lost(SmtpStage.AfterDot, "the relay and we may not speak of the same letter");
        var outcome = MindClosing(Judge(reply, dialogue.HasLeft(one.End)), dialogue);
        return refusal ?? outcome;
    }

    /// <summary>Where the relay has said more than it was asked, nobody knows of which letter: but the first, each that seems taken is in doubt. A 421 speaks of the line (RFC 5321 §3.8).</summary>
    /// <remarks>Seen where it has come by now; what comes later is seen before the next letter.</remarks>
    private static bool IsOneTooMany(SmtpDialogue dialogue, List<SmtpOutcome> outcomes)
    {
        if (!dialogue.HasUnread)
            return false;
        for (var i = 1; i < outcomes.Count && !dialogue.SaysGoodbye; i++)
            if (outcomes[i] is SmtpOutcome.Accepted)
                outcomes[i] = SmtpReplies.Lost(SmtpStage.AfterDot, "the relay said more than it was asked, and nobody knows of which letter");
        return true;
    }

    /// <summary>The line is gone since a letter before. What is behind a 421 that ended it was not taken; else what has left us may be there.</summary>
    private SmtpOutcome Unanswered(SmtpOutcome before, bool hasLeft) => SmtpReplies.Lost(
        isClosed ? SmtpStage.Sender : hasLeft ? SmtpStage.AfterDot : SmtpStage.Data, $"the line was lost with a letter before: {before.Words}");

    private static void Send(SmtpDialogue dialogue)
    {
        try
        {
            dialogue.Send();
        }
        catch (Exception e) when (RelayTrouble.IsOfTheLine(e))
        {
            // Whoever reads the answer hears of it.
        }
    }

    /// <summary>What the relay has to say of one letter of several.</summary>
    /// <param name="Resets">Whether RSET stands before its envelope.</param>
    /// <param name="IsFirst">Whether no other stands before it.</param>
    /// <param name="End">Where the line stands behind it.</param>
    private readonly record struct Owed(bool Resets, bool IsFirst, long End);
}
