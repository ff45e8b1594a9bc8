using Newsletter.Storage;

namespace Newsletter.Tests.Storage;

/// <summary>Each database has a name of its own, whoever asks.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class LedgerNameTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;

    [Test]
    public async Task It_stays_and_no_other_database_has_it()
    {
        await using var home = new THome();
        await home.BuildAsync(migrated: false);
        await using var another = new Database(home.Provider, home.ConnectionString);

        await another.MigrateAsync(Stop);
        await Database.MigrateAsync(Stop);
        string[] names = [await new DeliveryStore(Database).LedgerAsync(Stop), await new DeliveryStore(OpenAnother()).LedgerAsync(Stop), await new DeliveryStore(another).LedgerAsync(Stop)];

        Assert.That(names, Has.All.Length.EqualTo(32));
        Assert.That((names[1], names[2]), Is.EqualTo((names[0], names[2])).And.Not.EqualTo((names[0], names[0])));
    }
}
