using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Replies;
using Newsletter.Returns;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>What a mail was read as at one time, and what that did.</summary>
/// <param name="Kind">Empty: it was not handled then.</param>
/// <param name="Evidence">The words that decided.</param>
/// <param name="Consequence">The word of what had to follow.</param>
/// <param name="Outcome">What did follow.</param>
/// <param name="Delivery">The letter that it proved to be about; null for none.</param>
public sealed record MailReading(string Kind, string Evidence, string Consequence, string Outcome, DeliveryId? Delivery);

/// <summary>What reading a stored mail once more came to.</summary>
/// <param name="Id">Its row.</param>
/// <param name="Before">What stood there.</param>
/// <param name="After">What stands there now, or would.</param>
/// <param name="IsChanged">Whether the two differ; where they do not, nothing is written but what is known of the sender.</param>
public sealed record SecondVerdict(long Id, MailReading Before, MailReading After, bool IsChanged);

/// <summary>Reads stored mail again: the new verdict replaces the old, both stay on record, and what follows of the one and not of the other is undone or done.</summary>
public sealed partial class ReturnedMailStore
{
    /// <summary>Puts a new verdict in the place of the old, all or nothing. Twice is once: the second time nothing differs.</summary>
    /// <param name="id">The row.</param>
    /// <param name="traced">What the mail is by today's rules.</param>
    /// <param name="reply">What the editor reads, where it is shown.</param>
    /// <param name="decide">The consequence, by the address of the reader whom the mail proves to be about.</param>
    /// <param name="isRehearsal">Says what would happen, and lets nothing happen.</param>
    /// <param name="at">When.</param>
    /// <param name="ct">Stops before the commit.</param>
    /// <returns>Null where there is no such mail.</returns>
    public async Task<SecondVerdict?> HandleAgainAsync(long id, TracedMail traced, ReceivedReply reply, Func<EmailAddress?, Consequence> decide, bool isRehearsal, DateTimeOffset at, CancellationToken ct)
    {
        try
        {
            return await database.WriteAsync(async transaction =>
            {
                await Correspondence.KeepAsync(database, transaction);
                var verdict = await ReplaceAsync(transaction, id, traced, reply, decide, at);
                return isRehearsal && verdict is not null ? throw new Rehearsed(verdict) : verdict;
            }, ct);
        }
        catch (Rehearsed rehearsed)
        {
            return rehearsed.Verdict;
        }
    }

    /// <summary>What a mail was read as before, oldest first.</summary>
    public Task<IReadOnlyList<(DateTimeOffset At, MailReading Reading)>> EarlierAsync(long id, CancellationToken ct) => database.ReadAsync<IReadOnlyList<(DateTimeOffset, MailReading)>>(async connection =>
        (await connection.QueryAsync<VerdictRow>(
            "select kind, verdict, evidence, consequence, outcome, edition_id, subscriber_id, handled_at from returned_verdicts where returned_mail_id = @id order by id", new { id }))
        .Select(row => (row.HandledAt!.Value.Instant(), row.ToReading())).ToList(), ct);

    private async Task<SecondVerdict?> ReplaceAsync(DbTransaction transaction, long id, TracedMail traced, ReceivedReply reply, Func<EmailAddress?, Consequence> decide, DateTimeOffset at)
    {
        var before = await transaction.Connection!.QuerySingleOrDefaultAsync<VerdictRow>($"""
            select kind, verdict, evidence, consequence, outcome, edition_id, subscriber_id, handled_at, received_at from returned_mails where id = @id and length(raw) > 0 {database.ForUpdate}
            """, new { id }, transaction);
        if (before is null) // there is none, or it was forgotten with its reader since its bytes were read
            return null;
        var due = decide(await AddressAsync(transaction, traced.Reader));
        var verdict = StoredText.Of(ReturnedVerdict.ToJson(traced.Mail));
        if (before.HandledAt is not null && before.SaysTheSame(traced, verdict, due))
        {
            await NoteSenderAsync(transaction, id, traced.From);
            return new(id, before.ToReading(), before.ToReading(), IsChanged: false);
        }

        var (consequence, outcome) = before.HandledAt is null
            ? await ApplyAsync(transaction, id, traced, reply, due, before.ReceivedAt.Instant(), at)
            : await InsteadAsync(transaction, id, before, traced, reply, due, at);
        await KeepVerdictAsync(transaction, id, before, at);
        await WriteVerdictAsync(transaction, id, traced, verdict, consequence, outcome);
        await transaction.Connection!.ExecuteAsync("update returned_mails set handled_at = @at, error = '', error_at = null where id = @id", new { id, at = at.Ms() }, transaction);
        return new(id, before.ToReading(), new(traced.Mail.Kind, traced.Mail.Evidence, consequence.Word, outcome, traced.Delivery), IsChanged: true);
    }

    /// <summary>Undoes the one and does the other. What belongs to an incident stays as the incident has it: a person decides over that, or has decided.</summary>
    private async Task<(Consequence Consequence, string Outcome)> InsteadAsync(
        DbTransaction transaction, long id, VerdictRow before, TracedMail traced, ReceivedReply reply, Consequence due, DateTimeOffset at)
    {
        if (await transaction.Connection!.QuerySingleOrDefaultAsync<long?>("select max(incident_id) from bounces where returned_mail_id = @id", new { id }, transaction) is { } incident)
            return (new Consequence.Nothing("as the incident has it"), string.Create(CultureInfo.InvariantCulture, $"as incident {incident} has it"));
        var undone = await UndoAsync(transaction, id, before, traced.Mail.Evidence, at);
        if (due is Consequence.ShowEditor or Consequence.SetAside && await Replies.ShowAgainAsync(transaction, id, due as Consequence.ShowEditor, at))
            return (due, Joined(before.Consequence is "show" or "aside" ? "" : undone, due is Consequence.SetAside ? "set aside" : "in the inbox again"));
        // Weighed as when it came: a hundred that are read again in a minute are no wave, and an old bounce is no fresh one.
        var (consequence, outcome) = await ApplyAsync(transaction, id, traced, reply, due, before.ReceivedAt.Instant(), at);
        return (consequence, Joined(undone, outcome));
    }

    private static string Joined(params IEnumerable<string> words) => string.Join("; ", words.Where(each => each.Length > 0));

    private static Task KeepVerdictAsync(DbTransaction transaction, long id, VerdictRow before, DateTimeOffset at) => before.HandledAt is null ? Task.CompletedTask : transaction.Connection!.ExecuteAsync("""
        insert into returned_verdicts (returned_mail_id, handled_at, replaced_at, kind, verdict, evidence, consequence, outcome, edition_id, subscriber_id)
        select id, handled_at, @at, kind, verdict, evidence, consequence, outcome, edition_id, subscriber_id from returned_mails where id = @id
        """, new { id, at = at.Ms() }, transaction);

    /// <summary>Takes back what this mail did, and no more: not what another mail says too, nor what came after it. In a few words; empty where there is nothing to take back.</summary>
    private async Task<string> UndoAsync(DbTransaction transaction, long id, VerdictRow before, string evidence, DateTimeOffset at)
    {
        await ForgetBounceAsync(transaction, id, at);
        return before.Consequence switch
        {
            "suspend" or "unsubscribe" or "complain" when before.SubscriberId is { } subscriber => await TakeBackAsync(transaction, id, new(subscriber), evidence, at),
            "show" or "aside" => await Replies.PutAwayAsync(transaction, id) ? "put away in the inbox" : "",
            _ => "",
        };
    }

    /// <summary>The reader's score forgets what this mail told, and a probe that it made due and that has not left does not leave. Where another mail tells of the same letter, it stands for it now.</summary>
    private static async Task ForgetBounceAsync(DbTransaction transaction, long id, DateTimeOffset at)
    {
        if (await transaction.Connection!.ExecuteAsync("""
            update bounces set returned_mail_id = (select min(m.id) from returned_mails m where m.subscriber_id = bounces.subscriber_id and m.edition_id = bounces.edition_id and m.kind = 'bounce' and m.id <> @id)
            where returned_mail_id = @id
              and exists (select 1 from returned_mails m where m.subscriber_id = bounces.subscriber_id and m.edition_id = bounces.edition_id and m.kind = 'bounce' and m.id <> @id)
            """, new { id }, transaction) > 0)
            return;
        var told = await transaction.Connection!.QuerySingleOrDefaultAsync<(long Subscriber, long Edition)?>("delete from bounces where returned_mail_id = @id returning subscriber_id, edition_id", new { id }, transaction);
        if (told is { } gone)
            await transaction.Connection!.ExecuteAsync("""
                update probes set state = 'void', due = null, ended_at = @at where subscriber_id = @Subscriber and edition_id = @Edition and state = 'due';
                delete from risks where subscriber_id = @Subscriber and not exists (select 1 from bounces b where b.subscriber_id = @Subscriber);
                """, new { gone.Subscriber, gone.Edition, at = at.Ms() }, transaction);
    }

    private async Task<string> TakeBackAsync(DbTransaction transaction, long id, SubscriberId subscriber, string evidence, DateTimeOffset at)
    {
        var ids = new { subscriber = subscriber.Value, id };
        await transaction.Connection!.ExecuteAsync($"select 1 from subscribers where id = @subscriber {database.ForUpdate}", ids, transaction); // before the history is read, so that nothing comes in between
        var last = await transaction.Connection!.QueryFirstOrDefaultAsync<(string Before, string State, long? Mail, long? Edition)>(
            "select before, state, returned_mail_id, edition_id from subscriptions_log where subscriber_id = @subscriber order by id desc limit 1", ids, transaction);
        if (last.Mail != id || SubscriptionStates.Read(last.State) is not { } state || !state.IsEnded())
            return "";
        if (await transaction.Connection!.QueryFirstOrDefaultAsync<long?>("""
            select m.id from returned_mails m where m.subscriber_id = @subscriber and m.id <> @id and m.handled_at is not null
              and (m.consequence in ('suspend', 'unsubscribe', 'complain') or (m.kind = 'bounce' and m.edition_id = (select t.edition_id from returned_mails t where t.id = @id)))
            order by m.id limit 1
            """, ids, transaction) is { } other)
            return $"{last.State} still: mail {other} says so too";
        if (SubscriptionStates.Read(last.Before) is not SubscriptionState.Active)
            return $"{last.State} still: it was {last.Before} before, and no undo makes that active";
        var change = new StandingChange(SubscriptionState.Active, $"mail {id} read again", Actor.Undo, at, StoredText.Of(evidence), last.Edition is { } edition ? new EditionId(edition) : null, id);
        return await Standings.ChangeAsync(database, transaction, subscriber, change) is ChangeOutcome.Changed ? $"active again, no longer {last.State}" : $"{last.State} still";
    }

    /// <summary>Carries what would have happened out of the transaction, which its being thrown undoes.</summary>
    private sealed class Rehearsed(SecondVerdict verdict) : Exception
    {
        public SecondVerdict Verdict => verdict;
    }

    private sealed record VerdictRow
    {
        public required string Kind { get; init; }
        public required string Verdict { get; init; }
        public required string Evidence { get; init; }
        public required string Consequence { get; init; }
        public required string Outcome { get; init; }
        public long? EditionId { get; init; }
        public long? SubscriberId { get; init; }
        public long? HandledAt { get; init; }
        public long ReceivedAt { get; init; }

        public MailReading ToReading() => new(Kind, Evidence, Consequence, Outcome, Delivery);

        /// <summary>Whom it names and why, not in which words: a new form of the record alone is no new verdict. What a weighed bounce did was the score's word, and is not asked for again.</summary>
        public bool SaysTheSame(TracedMail traced, string verdict, Consequence due) =>
            Kind == traced.Mail.Kind && Delivery == traced.Delivery && Essence(Verdict) == Essence(verdict)
            && (due is Newsletter.Returns.Consequence.Weigh or Newsletter.Returns.Consequence.EndProbe ? Consequence is "suspend" or "soft" or "probe" or "nothing" : Consequence == due.Word);

        private DeliveryId? Delivery => EditionId is { } edition && SubscriberId is { } subscriber ? DeliveryId.Of(edition, subscriber) : null;

        private static string Essence(string verdict)
        {
            if (verdict.Length == 0)
                return "";
            using var json = JsonDocument.Parse(verdict);
            var recipients = json.RootElement.TryGetProperty("recipients", out var list) ? list.EnumerateArray().Select(each => Words(each, "address", "status", "permanence", "reason", "outcome")) : [];
            return string.Join('\n', [Words(json.RootElement, "reason", "permanence"), .. recipients]);
        }

        private static string Words(JsonElement json, params ReadOnlySpan<string> names)
        {
            var words = new List<string>();
            foreach (var name in names)
                words.Add(json.TryGetProperty(name, out var value) ? value.ToString() : "");
            return string.Join('\t', words);
        }
    }
}
