using System.Data;
using System.Data.Common;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Newsletter.Storage;

/// <summary>The connection to one of the two databases, and the few words in which their SQL differs.</summary>
/// <remarks>Instants are UTC milliseconds since the epoch in integer columns; ids are 64-bit integers from the database.</remarks>
public sealed class Database : IAsyncDisposable
{
    private const int MaxAttempts = 5;
    private readonly DbDataSource source;

    /// <summary>What else each transaction of the work at hand ends with.</summary>
    private readonly AsyncLocal<Func<DbTransaction, object?, Task>?> ending = new();

    public Database(DatabaseProvider provider, string connectionString)
    {
        Provider = provider;
        source = provider is DatabaseProvider.Sqlite ? new SqliteSource(connectionString) : NpgsqlDataSource.Create(connectionString);
    }

    static Database() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    public DatabaseProvider Provider { get; }

    /// <summary>Lets two workers claim rows side by side. SQLite has one writer at a time and needs no word for it.</summary>
    internal string SkipLocked => Provider is DatabaseProvider.Postgres ? "for update of d skip locked" : "";

    /// <summary>A key of the JSON in a column, as text.</summary>
    internal string JsonText(string column, string key) => Provider is DatabaseProvider.Postgres ? $"{column}::json ->> '{key}'" : $"{column} ->> '$.{key}'";

    /// <summary>Locks the rows of a select until the commit. SQLite's writer has the whole file and needs no word for it.</summary>
    internal string ForUpdate => Provider is DatabaseProvider.Postgres ? "for update" : "";

    /// <summary>The same, but only against those who change the rows: who has them <see cref="InUse"/> goes on.</summary>
    internal string ForChange => Provider is DatabaseProvider.Postgres ? "for no key update" : "";

    /// <summary>Says until the commit that the rows are in use, to who takes them <see cref="ForUpdate"/>. They may be changed meanwhile.</summary>
    internal string InUse => Provider is DatabaseProvider.Postgres ? "for key share" : "";

    /// <summary>Whoever asks for the same word waits until the commit. SQLite has one writer at a time and needs no lock for it.</summary>
    internal async Task AloneOnAsync(DbTransaction transaction, string word)
    {
        if (Provider is DatabaseProvider.Postgres)
            await transaction.Connection!.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended(@word, 0))", new { word }, transaction);
    }

    /// <summary>Whoever is <see cref="AloneOnAsync"/> with the word waits until the commit; others who say this do not.</summary>
    internal async Task TogetherOnAsync(DbTransaction transaction, string word)
    {
        if (Provider is DatabaseProvider.Postgres)
            await transaction.Connection!.ExecuteAsync("select pg_advisory_xact_lock_shared(hashtextextended(@word, 0))", new { word }, transaction);
    }

    /// <summary>"Is one of the values of this parameter", which <see cref="Many{T}"/> makes: one statement whatever their number.</summary>
    internal string IsOneOf(string parameter) => Provider is DatabaseProvider.Postgres ? $"= any({parameter})" : $"in (select value from json_each({parameter}))";

    /// <summary>Bit <paramref name="n"/> of the bytes in a column, 1 or 0; within an octet the lowest is the first.</summary>
    internal string Bit(string column, string n) => Provider is DatabaseProvider.Postgres
        ? $"get_bit({column}, cast({n} as int))"
        // SQLite has no word for it: the octet as two hexadecimal digits, of these the one that holds the bit.
        : $"((instr('0123456789ABCDEF', substr(hex(substr({column}, ({n}) / 8 + 1, 1)), 2 - ({n}) % 8 / 4, 1)) - 1) >> (({n}) % 4) & 1)";

    /// <summary>The value of a parameter that holds many texts or numbers.</summary>
    internal object Many<T>(IEnumerable<T> values) => Provider is DatabaseProvider.Postgres ? values.ToArray() : JsonSerializer.Serialize(values);

    /// <summary>The elements of a parameter that is a JSON array, in order, as a table <c>r (key, value)</c>: many rows in one statement.</summary>
    internal string Elements(string parameter) => Provider is DatabaseProvider.Postgres
        ? $"jsonb_array_elements(cast({parameter} as jsonb)) with ordinality as r (value, key)"
        : $"json_each({parameter}) as r";

    /// <summary>The names in a column that holds JSON objects, as a table <c>r (key)</c>.</summary>
    internal string Names(string column) => Provider is DatabaseProvider.Postgres ? $"jsonb_object_keys(cast({column} as jsonb)) as r (key)" : $"json_each({column}) as r";

    /// <summary>The texts of a column over all rows, as one JSON array; of no row it may be null.</summary>
    internal string JsonList(string column) => Provider is DatabaseProvider.Postgres ? $"cast(json_agg({column}) as text)" : $"json_group_array({column})";

    /// <summary>The texts in a column that holds a JSON array of them, as a table <c>r (value)</c>.</summary>
    internal string Words(string column) => Provider is DatabaseProvider.Postgres ? $"jsonb_array_elements_text(cast({column} as jsonb)) as r (value)" : $"json_each({column}) as r";

    /// <summary>Brings the schema up to this program's version; safe when several processes start at once.</summary>
    public Task MigrateAsync(CancellationToken ct) => new Migrator(this).MigrateAsync(ct);

    /// <summary>Makes tables of somebody else's, who does not lock: while the work lasts, no other process makes any on this database. PostgreSQL only.</summary>
    public T Alone<T>(Func<T> work) => new Migrator(this).Alone(work);

    /// <summary>Asks whether the database answers and has this program's schema. Changes nothing.</summary>
    /// <exception cref="SchemaException">The schema is another one.</exception>
    public Task CheckAsync(CancellationToken ct) => new Migrator(this).CheckAsync(ct);

    /// <summary>A query's connection; disposed by the caller.</summary>
    internal async Task<DbConnection> OpenAsync(CancellationToken ct) => await source.OpenConnectionAsync(ct);

    /// <inheritdoc cref="OpenAsync"/>
    internal DbConnection Open() => source.OpenConnection();

    /// <summary>Runs work that reads.</summary>
    internal async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        return await work(connection);
    }

    /// <summary>Runs work that writes: all of it, or nothing when it throws. On SQLite the write lock is taken at the start, so that no transaction fails half-way for want of it.</summary>
    /// <remarks>The work may run again from the start, where PostgreSQL undid it to let another go first: it must change nothing but the database.</remarks>
    internal async Task<T> WriteAsync<T>(Func<DbTransaction, Task<T>> work, CancellationToken ct, IsolationLevel isolation = IsolationLevel.Unspecified)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await WriteOnceAsync(work, isolation, ct);
            }
            catch (PostgresException e) when (attempt < MaxAttempts && e.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected)
            {
            }
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    internal Task WriteAsync(Func<DbTransaction, Task> work, CancellationToken ct) =>
        WriteAsync(async transaction =>
        {
            await work(transaction);
            return true;
        }, ct);

    /// <summary>Runs work whose transactions end with something more, before they commit: it is told what each came to. Who does the work knows nothing of it.</summary>
    internal async Task<T> EndingAsync<T>(Func<DbTransaction, object?, Task> end, Func<Task<T>> work)
    {
        ending.Value = end; // holds until this method returns, and for what it calls
        return await work();
    }

    /// <summary>Takes what was deleted out of SQLite's log as well. As far as it goes: who reads or writes just now is hardly waited for, and then the log goes later, at the latest with the last process.</summary>
    internal async Task EmptyLogAsync()
    {
        if (Provider is not DatabaseProvider.Sqlite)
            return;
        await using var connection = Open();
        try { await connection.ExecuteAsync("pragma busy_timeout = 1000; pragma wal_checkpoint(truncate);"); }
        catch (SqliteException) { /* what was to be done is done, and must not look undone */ }
    }

    private async Task<T> WriteOnceAsync<T>(Func<DbTransaction, Task<T>> work, IsolationLevel isolation, CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(isolation, ct);
        // A process that is stopped in here, or whose machine is gone, would keep its rows locked for all others. Not as an option of the connection: some poolers refuse those.
        if (Provider is DatabaseProvider.Postgres)
            await connection.ExecuteAsync("set local idle_in_transaction_session_timeout = '10s'", transaction: transaction);
        var result = await work(transaction);
        if (ending.Value is { } end)
            await end(transaction, result);
        // Past this point a stop must not make a done thing look undone.
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    /// <summary>Opens SQLite the way the house needs it: a write-ahead log, every commit on disk, a wait for the lock instead of an error.</summary>
    private sealed class SqliteSource : DbDataSource
    {
        /// <summary>Seconds that a connection waits for the lock, unless its string says otherwise (<c>Default Timeout</c>).</summary>
        private const int Patience = 20;

        private readonly int wait;

        public SqliteSource(string connectionString)
        {
            var builder = new SqliteConnectionStringBuilder(connectionString) { ForeignKeys = true };
            wait = builder.DefaultTimeout = connectionString.Contains("Timeout", StringComparison.OrdinalIgnoreCase) ? builder.DefaultTimeout : Patience;
            ConnectionString = builder.ToString();
        }

        public override string ConnectionString { get; }

        protected override DbConnection CreateDbConnection() => new SqliteConnection(ConnectionString);

        // The driver keeps closed connections open for reuse; the last one to go leaves the database in one file, without a log beside it.
        protected override void Dispose(bool disposing)
        {
            using var any = new SqliteConnection(ConnectionString);
            SqliteConnection.ClearPool(any);
            base.Dispose(disposing);
        }

        protected override DbConnection OpenDbConnection() => Opened(new SqliteConnection(ConnectionString));

        // Microsoft.Data.Sqlite has no asynchronous input or output: its Async methods run in place.
        protected override ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken) => new(OpenDbConnection());

        private SqliteConnection Opened(SqliteConnection connection)
        {
            try
            {
                connection.Open();
                // busy_timeout: SQLite's own wait grows from 1 ms; the driver's is 150 ms a try and starves a writer. secure_delete: else who is erased stays readable in the file.
                connection.Execute($"pragma busy_timeout = {wait * 1000}; pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on;");
                return connection;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
    }
}
