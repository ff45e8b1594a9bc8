using System.Data.Common;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dapper;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>What a look through the whole audit log found.</summary>
/// <param name="Lines">How many lines fit, from the first.</param>
/// <param name="Head">The hash of the last of them, to be kept elsewhere; empty for none.</param>
/// <param name="Fault">What is wrong with the line behind them, or with the end; null: nothing.</param>
/// <param name="HasKept">Whether a line has the hash that was asked for.</param>
public sealed record AuditFinding(long Lines, string Head, string? Fault, bool HasKept);

/// <summary>What people of the house did, line behind line, each with a hash of itself and the one before. A line commits with what it tells of, or not at all.</summary>
public sealed class AuditLog(Database database, AuditSeal seal)
{
    private const string Lock = "newsletter audit log";
    private const string Columns = "l.seq, l.at, l.actor, l.act, l.subject, l.detail, l.previous, l.hash";
    private const int Page = 1000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Does something and writes the line of it, in one transaction.</summary>
    /// <param name="by">Who.</param>
    /// <param name="at">When.</param>
    /// <param name="work">One call of a store; what its transaction comes to is what it returns.</param>
    /// <param name="deed">The line, by what it came to; null: nothing was done that a line is due for.</param>
    public async Task<T> RecordAsync<T>(Performer by, DateTimeOffset at, Func<Task<T>> work, Func<T, Deed?> deed)
    {
        var isWritten = false;
        var result = await database.EndingAsync(async (transaction, outcome) =>
        {
            if (outcome is not T mine || deed(mine) is not { } done)
                return;
            await AppendAsync(transaction, by, at, done);
            isWritten = true;
        }, work);
        return isWritten || deed(result) is null ? result : throw new UnreachableException("what was done has no line in the audit log: its transaction came to something else");
    }

    /// <summary>Writes the line of what is no change of this database: what was read out of it, or is done in many steps.</summary>
    public Task AppendAsync(Performer by, DateTimeOffset at, Deed deed, CancellationToken ct) => database.WriteAsync(transaction => AppendAsync(transaction, by, at, deed), ct);

    /// <summary>Follows the chain from its first line to its end, as it stands at one moment; memory does not grow with it.</summary>
    /// <param name="kept">A hash that was the head once and was kept elsewhere; empty: none is asked for.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<AuditFinding> VerifyAsync(string kept, CancellationToken ct)
    {
        var (check, hasKept, end) = (new AuditCheck(seal), kept.Length == 0, (End?)null);
        await using var connection = await database.OpenAsync(ct);
        // One statement sees one state, while others write.
        await foreach (var row in connection.QueryUnbufferedAsync<Row>($"""
            select {Columns}, (select seq from audit_head) as end_seq, (select hash from audit_head) as end_hash, (select seal from audit_head) as end_seal from audit_log l order by l.seq
            """).WithCancellation(ct))
        {
            if (check.Take(row.ToLine(), row.Hash) is { } fault)
                return new(check.Lines, check.Head, fault, hasKept);
            hasKept |= row.Hash == kept;
            end = new(row.EndSeq ?? -1, row.EndHash ?? "", row.EndSeal ?? "");
        }
        end ??= await connection.QuerySingleOrDefaultAsync<End>("select seq, hash, seal from audit_head") ?? new(-1, "", "");
        return new(check.Lines, check.Head, check.End(end.Seq, end.Hash, end.Seal), hasKept);
    }

    /// <summary>Lines with their hashes, the oldest first; read in pages.</summary>
    /// <param name="act">Only of this verb, or of those that begin with it and a blank; empty: all.</param>
    /// <param name="since">Only from then on; null: from the first.</param>
    /// <param name="ct">Stops it.</param>
    public async IAsyncEnumerable<(AuditLine Line, string Hash)> ListAsync(string act, DateTimeOffset? since, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var after = 0L; ;)
        {
            var last = after;
            var rows = (await database.ReadAsync(connection => connection.QueryAsync<Row>($"""
                select {Columns} from audit_log l
                where l.seq > @last and l.at >= @since and (@act = '' or l.act = @act or l.act like @under escape '\') order by l.seq limit {Page}
                """, new { last, since = since?.Ms() ?? 0, act, under = $"{Like.Literal(act)} %" }), ct)).AsList();
            foreach (var row in rows)
                yield return (row.ToLine(), row.Hash);
            if (rows.Count < Page)
                yield break;
            after = rows[^1].Seq;
        }
    }

    private async Task AppendAsync(DbTransaction transaction, Performer by, DateTimeOffset at, Deed deed)
    {
        // Last of all that the transaction locks, so that two can never wait for each other here.
        await database.AloneOnAsync(transaction, Lock);
        var end = await transaction.Connection!.QuerySingleAsync<End>("select seq, hash, seal from audit_head", transaction: transaction);
        var line = new AuditLine(end.Seq + 1, at, by.Words, deed.Act, deed.Subject, deed.Detail is null ? "" : JsonSerializer.Serialize(deed.Detail, Json), end.Hash);
        var hash = seal.Hash(line);
        await transaction.Connection!.ExecuteAsync("""
            insert into audit_log (seq, at, actor, act, subject, detail, previous, hash) values (@Seq, @at, @Actor, @Act, @Subject, @Detail, @Previous, @hash);
            update audit_head set seq = @Seq, hash = @hash, seal = @seal;
            """, new { line.Seq, at = at.Ms(), line.Actor, line.Act, line.Subject, line.Detail, line.Previous, hash, seal = seal.End(line.Seq, hash) }, transaction);
    }

    private sealed record End(long Seq, string Hash, string Seal);

    private sealed record Row
    {
        public required long Seq { get; init; }
        public required long At { get; init; }
        public required string Actor { get; init; }
        public required string Act { get; init; }
        public required string Subject { get; init; }
        public required string Detail { get; init; }
        public required string Previous { get; init; }
        public required string Hash { get; init; }
        public long? EndSeq { get; init; }
        public string? EndHash { get; init; }
        public string? EndSeal { get; init; }

        public AuditLine ToLine() => new(Seq, At.Instant(), Actor, Act, Subject, Detail, Previous);
    }
}
