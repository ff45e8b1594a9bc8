using System.Data.Common;
using System.Text;
using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Returns;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>What became of one mail that was handed in.</summary>
/// <param name="Id">Its row in the store.</param>
/// <param name="Mail">What it is.</param>
/// <param name="Delivery">The delivery that it proves to be about; null for none.</param>
/// <param name="Handled">What it did; null where it came before and nothing was done again.</param>
/// <param name="Fault">Why it could not be handled: a fault of ours, with which it is marked. Null: none.</param>
public sealed record TakenMail(long Id, ReturnedMail Mail, DeliveryId? Delivery, HandledMail? Handled, Exception? Fault = null)
{
    /// <summary>The probe that it proves to be about; null for none.</summary>
    public ProbeId? Probe { get; init; }

    /// <summary>Whether it proves no letter of ours although it speaks of one, or is not understood.</summary>
    public bool IsUnmatched => Delivery is null && Probe is null && Mail is ReturnedMail.Bounce or ReturnedMail.Complaint or ReturnedMail.Unrecognised;
}

/// <summary>Takes in mail that came to our addresses: keeps its bytes, reads it, does what follows. In that order, whatever breaks in between.</summary>
/// <param name="mails">Keeps them.</param>
/// <param name="ours">Reads our seals.</param>
/// <param name="clock">The clock.</param>
/// <param name="editor">Whose answers to replies that were handed on go to the readers; null: nobody's do.</param>
/// <param name="rules">How mail is read; null: the usual way.</param>
public sealed class ReturnDesk(ReturnedMailStore mails, OurAddresses ours, TimeProvider clock, EditorAddresses? editor = null, IncomingRules? rules = null) : IDisposable
{
    private readonly IncomingRules rules = rules ?? IncomingRules.None;
    private readonly ReturnReading reading = new(mails, ours, editor, rules ?? IncomingRules.None);
    private readonly SemaphoreSlim finishing = new(1);

    /// <summary>Takes in one mail. When this returns, it is stored, and its consequence is committed or it is marked; a second time it changes nothing, whichever way it comes.</summary>
    /// <param name="raw">As it came.</param>
    /// <param name="source">Whence, for people.</param>
    /// <param name="recipients">The envelope's recipients, where the way in knows them.</param>
    /// <param name="ct">Stops between two steps; a mail that is stored and not handled is handled by <see cref="FinishAsync"/> or when it comes again.</param>
    /// <exception cref="DbException">The store is away or takes nothing: the mail is to be brought again.</exception>
    public async Task<TakenMail> TakeAsync(ReadOnlyMemory<byte> raw, string source, IReadOnlyList<string> recipients, CancellationToken ct)
    {
        var whole = WithRecipients(raw, recipients);
        var stored = CutMail.ToFit(whole, rules.Options.LargestMail);
        var kept = await mails.KeepAsync(stored, Fingerprint.Of(whole, ours), source, clock.GetUtcNow(), ct);
        return kept.IsNew ? await HandleAsync(kept.Id, stored, ct) : await FinishAsync(kept.Id, ct) ?? Read(kept.Id, stored);
    }

    /// <summary>What an earlier run stored and did not come to handle, the least often begun first.</summary>
    public Task<IReadOnlyList<long>> UnfinishedAsync(CancellationToken ct) => mails.UnhandledAsync(ct);

    /// <summary>Handles a mail that is stored and not handled; null where there is none of that number, or it is handled or marked by now.</summary>
    /// <remarks>One at a time: several ways in that bring one mail would each note that they began it, and a few kills in a row would mark a mail that had no part in them.</remarks>
    public async Task<TakenMail?> FinishAsync(long id, CancellationToken ct)
    {
        await finishing.WaitAsync(ct);
        try
        {
            return await mails.BeginAsync(id, clock.GetUtcNow(), ct) ? await FinishBegunAsync(id, ct) : null;
        }
        finally
        {
            finishing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => finishing.Dispose();

    private async Task<TakenMail?> FinishBegunAsync(long id, CancellationToken ct)
    {
        try
        {
            return await mails.RawAsync(id, ct) is { } raw ? await HandleAsync(id, raw, ct) : null;
        }
        catch (Exception e) when (!IsOfThisMail(e)) // a stop, or the database: this mail had no part in it, and may wait for as long as that takes
        {
            await mails.LeaveAsync(id);
            throw;
        }
    }

    private async Task<TakenMail> HandleAsync(long id, ReadOnlyMemory<byte> raw, CancellationToken ct)
    {
        try
        {
            var read = await reading.ReadAsync(id, raw, ct);
            var handled = await mails.HandleAsync(id, read.Traced, read.Reply, read.Decide, clock.GetUtcNow(), ct);
            return new(id, read.Traced.Mail, read.Traced.Delivery, handled) { Probe = read.Traced.Probe };
        }
        catch (Exception e) when (IsOfThisMail(e)) // it would come again and again, and keep all behind it waiting
        {
            await mails.FailAsync(id, WordsOf(e), clock.GetUtcNow());
            return Unread(id, e);
        }
    }

    /// <summary>A mail that came before, and of which nothing is done again.</summary>
    private TakenMail Read(long id, ReadOnlyMemory<byte> raw)
    {
        try
        {
            var traced = TracedMail.Read(raw, ours);
            return new(id, traced.Mail, traced.Delivery, null) { Probe = traced.Probe };
        }
        catch (Exception e) when (IsOfThisMail(e))
        {
            return Unread(id, e);
        }
    }

    private static TakenMail Unread(long id, Exception fault) =>
        new(id, new ReturnedMail.Unrecognised { Evidence = "it could not be handled, by a fault of this program" }, null, null, fault);

    /// <summary>A fault in one line.</summary>
    internal static string WordsOf(Exception error) => $"{error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}";

    /// <summary>Whether a fault lies with this mail (or with us over it), so that it comes again each time; not the world's, which ends.</summary>
    internal static bool IsOfThisMail(Exception error) => error is DbException ? DatabaseTrouble.IsOfTheData(error) : error is not (OperationCanceledException or IOException);

    /// <summary>The envelope's recipients as a delivery agent writes them down, so that the stored bytes tell all. The line of an mbox file stays the first.</summary>
    private static ReadOnlyMemory<byte> WithRecipients(ReadOnlyMemory<byte> raw, IReadOnlyList<string> recipients)
    {
        if (recipients.Count == 0)
            return raw;
        var header = string.Concat(recipients.Select(recipient => $"Delivered-To: {string.Concat(recipient.Where(letter => !char.IsControl(letter)))}\n"));
        var start = MboxLine.Length(raw.Span);
        return (byte[])[.. raw.Span[..start], .. Encoding.UTF8.GetBytes(header), .. raw.Span[start..]];
    }
}
