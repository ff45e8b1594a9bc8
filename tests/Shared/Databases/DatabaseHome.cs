using Newsletter.Storage;

namespace Newsletter.Testing;

/// <summary>Where a test's own database lives. Disposing of it removes the database.</summary>
public interface IDatabaseHome : IAsyncDisposable
{
    DatabaseProvider Provider { get; }

    /// <summary>For the database of this test, once it is built; good for other processes too.</summary>
    string ConnectionString { get; }

    /// <summary>Makes the database: empty, with today's schema unless <paramref name="migrated"/> is false.</summary>
    /// <remarks>Where this machine has no such server, the test is skipped with the reason.</remarks>
    Task BuildAsync(bool migrated = true);
}

/// <summary>A storage contract, shown on both databases.</summary>
/// <example><code>
/// [TestFixture(typeof(SqliteHome))]
/// [TestFixture(typeof(PostgresHome))]
/// public sealed class DeliveryStoreTests&lt;THome&gt; : DatabaseTests&lt;THome&gt; where THome : IDatabaseHome, new()
/// </code></example>
public abstract class DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private readonly List<Database> opened = [];
    private Database? database;

    protected THome Home { get; } = new();

    /// <summary>A new database for each test, with today's schema.</summary>
    protected Database Database => database ?? throw new InvalidOperationException("the database is built before the test, not in its constructor");

    /// <summary>One more way to the same database, with connections of its own, as another process has it.</summary>
    protected Database OpenAnother()
    {
        var another = new Database(Home.Provider, Home.ConnectionString);
        lock (opened) // a race test opens its eight ways side by side
            opened.Add(another);
        return another;
    }

    [SetUp]
    public async Task Build_the_database()
    {
        await Home.BuildAsync();
        database = new Database(Home.Provider, Home.ConnectionString);
    }

    [TearDown]
    public async Task Remove_the_database()
    {
        foreach (var another in opened)
            await another.DisposeAsync();
        if (database is not null)
            await database.DisposeAsync();
        await Home.DisposeAsync();
    }
}
