using System.Runtime.CompilerServices;
using Newsletter.Addresses;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>What became of one stored mail that was read again.</summary>
/// <param name="Id">Its row.</param>
/// <param name="Verdict">What stood there and what stands there now; null where it could not be handled.</param>
/// <param name="Fault">Why not; null: it could.</param>
public sealed record MailReadAgain(long Id, SecondVerdict? Verdict, string? Fault);

/// <summary>Reads stored mail again, after a rule has changed or a fault was mended.</summary>
/// <param name="mails">Keeps them.</param>
/// <param name="ours">Reads our seals.</param>
/// <param name="clock">The clock.</param>
/// <param name="editor">Whose answers go on to the readers, as <see cref="ReturnDesk"/> has it.</param>
/// <param name="rules">How mail is read; null: the usual way.</param>
public sealed class SecondReading(ReturnedMailStore mails, OurAddresses ours, TimeProvider clock, EditorAddresses? editor = null, IncomingRules? rules = null)
{
    private readonly ReturnReading reading = new(mails, ours, editor, rules ?? IncomingRules.None);

    /// <summary>Reads the mails that are asked for, in the order in which they came; each in a transaction of its own, so that a stop leaves whole ones.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="isRehearsal">Says what would happen, and lets nothing happen.</param>
    /// <param name="stop">Between two mails one may stop.</param>
    public async IAsyncEnumerable<MailReadAgain> ReadAsync(MailFilter filter, bool isRehearsal, [EnumeratorCancellation] CancellationToken stop)
    {
        foreach (var id in await mails.FindAsync(filter, stop))
        {
            stop.ThrowIfCancellationRequested();
            if (await mails.RawAsync(id, stop) is { } raw)
                yield return await ReadAsync(id, raw, isRehearsal, stop);
        }
    }

    private async Task<MailReadAgain> ReadAsync(long id, ReadOnlyMemory<byte> raw, bool isRehearsal, CancellationToken stop)
    {
        try
        {
            var read = await reading.ReadAsync(id, raw, stop);
            var verdict = await mails.HandleAgainAsync(id, read.Traced, read.Reply, read.Decide, isRehearsal, clock.GetUtcNow(), stop);
            return new(id, verdict, null);
        }
        catch (Exception e) when (ReturnDesk.IsOfThisMail(e)) // the others are read all the same
        {
            var words = ReturnDesk.WordsOf(e);
            if (!isRehearsal)
                await mails.FailAsync(id, words, clock.GetUtcNow());
            return new(id, null, words);
        }
    }
}
