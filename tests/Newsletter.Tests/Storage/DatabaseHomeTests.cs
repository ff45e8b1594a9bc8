using Dapper;

namespace Newsletter.Tests.Storage;

[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class DatabaseHomeTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    [Test]
    public async Task A_test_has_a_database_of_its_own_with_todays_schema([Range(1, 4)] int anyOther)
    {
        var stop = CancellationToken.None;
        await Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync("create table mine (id integer)", transaction: transaction), stop);

        var seen = await OpenAnother().ReadAsync(connection => connection.ExecuteScalarAsync<long>("select count(*) from mine"), stop);
        var steps = await Database.ReadAsync(connection => connection.ExecuteScalarAsync<long>("select count(*) from migrations"), stop);

        Assert.That(seen, Is.Zero);
        Assert.That(steps, Is.Positive);
    }
}
