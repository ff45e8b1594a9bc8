using System.Data.Common;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Sending;

namespace Newsletter.Storage;

/// <summary>Editions whose audience gets the issue in waves: deliveries of a wave that waits are due at the end of time, so that no claim finds them.</summary>
public sealed partial class EditionStore
{
    private static readonly long NextWave = DateTimeOffset.MaxValue.Ms();

    /// <summary>Stops a running edition whose wave is out, where another waits; where it is decided already that this one goes, it does.</summary>
    /// <param name="id">The edition.</param>
    /// <param name="decide">What follows, by the wave's number, how its letters stand and which subject was chosen; null: it is not out yet.</param>
    /// <param name="now">When.</param>
    /// <param name="ct">Stops before anything is written.</param>
    /// <returns>Whether it was stopped.</returns>
    public Task<bool> EndWaveAsync(EditionId id, Func<int, Tally, string, WaveEnd?> decide, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        var connection = transaction.Connection!;
        var running = await connection.QueryAsync<(long Wave, string Winner)>($"select wave, winner from editions where id = @Value and state = 'running' and wave < last_wave {database.ForChange}", id, transaction);
        if (running.AsList() is not [var (wave, winner)] || decide((int)wave, await TallyAsync(connection, transaction, id, (int)wave), winner) is not { } end)
            return false;
        var next = await connection.ExecuteScalarAsync<long?>("select min(wave) from deliveries where edition_id = @Value and wave > @wave", new { id.Value, wave }, transaction);
        await connection.ExecuteAsync(next is null
            ? "update editions set wave = last_wave where id = @Value" // the wave was all of the audience
            : end.IsDecided ? "update editions set wave = @next, between_waves = 1 where id = @Value"
            : "update editions set wave = @next, between_waves = 1, state = 'paused', state_at = @now, state_reason = @Reason, by_person = 0, goes_on_at = @goesOn where id = @Value",
            new { id.Value, next, now = now.Ms(), end.Reason, goesOn = end.GoesOnAt?.Ms() }, transaction);
        if (end.IsDecided)
            await ReleaseWaveAsync(transaction, id, now);
        return next is not null && !end.IsDecided;
    }, ct);

    /// <summary>Puts who is to get it first into the first wave, and the sample for two subjects into the second.</summary>
    private async Task DivideAsync(DbTransaction transaction, EditionId id, Waves waves, bool tries, DateTimeOffset now)
    {
        await transaction.Connection!.ExecuteAsync($"""
            update deliveries set wave = {Waves.Seed}, due_at = @now where edition_id = @Value and subscriber_id in (
                select s.id from subscribers s where s.address_key {database.IsOneOf("@keys")}
                    or exists (select 1 from {database.Words("s.tags")} where r.value {database.IsOneOf("@tags")}))
            """, new { id.Value, now = now.Ms(), keys = database.Many(waves.SeedKeys), tags = database.Many(waves.SeedTags) }, transaction);
        if (tries)
            await DrawAsync(transaction, id, waves.SampleShare, waves.HasSeed ? NextWave : now.Ms());
        await transaction.Connection!.ExecuteAsync($"update editions set wave = {(waves.HasSeed ? Waves.Seed : Waves.Sample)}, last_wave = {Waves.Rest} where id = @Value", id, transaction);
    }

    /// <summary>Makes the wave due that has waited; nothing where none has.</summary>
    private static async Task ReleaseWaveAsync(DbTransaction transaction, EditionId id, DateTimeOffset now)
    {
        if (await transaction.Connection!.ExecuteAsync("update editions set between_waves = 0, released_at = @now where id = @Value and between_waves = 1", new { id.Value, now = now.Ms() }, transaction) == 0)
            return;
        await transaction.Connection!.ExecuteAsync("""
            update deliveries set due_at = @now, variant = case when wave = 2 then (select winner from editions where id = @Value) else variant end
            where edition_id = @Value and due_at = @NextWave and state in ('waiting', 'deferred') and wave <= (select wave from editions where id = @Value)
            """, new { id.Value, NextWave, now = now.Ms() }, transaction);
    }

    private static async Task<Tally> TallyAsync(DbConnection connection, DbTransaction transaction, EditionId id, int wave)
    {
        var counts = (await connection.QueryAsync<(string State, long Count)>(
            "select state, count(*) from deliveries where edition_id = @Value and wave = @wave group by state", new { id.Value, wave }, transaction)).ToDictionary(row => SendingWords.ReadDelivery(row.State), row => row.Count);
        long Of(DeliveryState state) => counts.GetValueOrDefault(state);
        return new(Of(DeliveryState.Waiting), Of(DeliveryState.Claimed), Of(DeliveryState.Sent), Of(DeliveryState.Deferred), Of(DeliveryState.Failed), Of(DeliveryState.Skipped), Of(DeliveryState.InDoubt));
    }
}
