using System.Data.Common;
using Dapper;

namespace Newsletter.Storage;

/// <summary>Mails that were stored and not handled: since the process ended in between, or since they trip a fault of ours.</summary>
public sealed partial class ReturnedMailStore
{
    /// <summary>Handling that was begun so often and never ended ends the process each time: nobody begins it again but by hand.</summary>
    public const int MaxTries = 10;

    /// <summary>Mails whose handling was cut short: stored, not handled, and not marked. The least often begun first, so that one that ends the process keeps no other waiting; of these the oldest.</summary>
    public Task<IReadOnlyList<long>> UnhandledAsync(CancellationToken ct) => database.ReadAsync<IReadOnlyList<long>>(async connection =>
        (await connection.QueryAsync<long>("select id from returned_mails where handled_at is null and error = '' order by tries, id limit 1000")).ToList(), ct);

    /// <summary>Notes that a mail that was stored before is begun once more. False where it is handled or marked by now, or was begun <see cref="MaxTries"/> times, and then it is marked.</summary>
    public async Task<bool> BeginAsync(long id, DateTimeOffset at, CancellationToken ct)
    {
        var tries = await database.WriteAsync(transaction => transaction.Connection!.QuerySingleOrDefaultAsync<long?>(
            "update returned_mails set tries = tries + 1 where id = @id and handled_at is null and error = '' returning tries", new { id }, transaction), ct);
        if (tries > MaxTries)
            await FailAsync(id, $"its handling was begun {MaxTries} times and never ended", at);
        return tries <= MaxTries;
    }

    /// <summary>Takes back that a mail was begun: what cut it short did not lie with it. Where the database is away it stays counted, once in a while.</summary>
    public async Task LeaveAsync(long id)
    {
        try
        {
            await database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(
                "update returned_mails set tries = tries - 1 where id = @id and tries > 0 and handled_at is null and error = ''", new { id }, transaction), CancellationToken.None);
        }
        catch (DbException)
        {
            // What cut it short is on its way to whoever says so; this would only hide it.
        }
    }

    /// <summary>Marks a mail that cannot be handled. It is not begun again but by hand.</summary>
    public Task FailAsync(long id, string error, DateTimeOffset at) => database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(
        "update returned_mails set error = @error, error_at = @at where id = @id and handled_at is null", new { id, error = StoredText.Of(error), at = at.Ms() }, transaction), CancellationToken.None);
}
