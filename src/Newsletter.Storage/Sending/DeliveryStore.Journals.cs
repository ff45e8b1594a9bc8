using Dapper;

namespace Newsletter.Storage;

/// <summary>What the journals of workers ask the ledger, before their results are taken over.</summary>
public sealed partial class DeliveryStore
{
    /// <summary>The name of this ledger, which no other database has but a copy of this one.</summary>
    public Task<string> LedgerAsync(CancellationToken ct) => database.ReadAsync(connection => connection.QuerySingleAsync<string>("select name from ledger"), ct);

    /// <summary>Whether a worker holds a claim of whatever edition.</summary>
    public Task<bool> HoldsAnyAsync(string worker, CancellationToken ct) => database.ReadAsync(async connection =>
        await connection.ExecuteScalarAsync<long>("select count(*) from deliveries where state = 'claimed' and claimed_by = @worker", new { worker }) > 0, ct);
}
