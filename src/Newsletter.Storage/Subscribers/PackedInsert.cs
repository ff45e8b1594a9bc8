using System.Buffers.Binary;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;

namespace Newsletter.Storage;

/// <summary>Puts packed people into <c>subscribers</c> by the quickest way of each database: one prepared statement of SQLite's own interface, COPY in PostgreSQL.</summary>
internal static class PackedInsert
{
    /// <summary>Kilobytes of pages that SQLite holds for a list: what a part of it changes.</summary>
    private const int SqliteCache = 20 * 1024;

    /// <summary>Octets that go to COPY at once: a call for each row is a fifth of the client's work.</summary>
    private const int CopyGroup = 128 * 1024;

    private const string Savepoint = "before_copy";

    /// <summary>The signature, no flags, no more header.</summary>
    private static readonly byte[] Head = [.. "PGCOPY\n"u8, 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private static readonly byte[] Tail = [0xFF, 0xFF];

    /// <summary>Inserts those in <paramref name="order"/>, in that order.</summary>
    /// <returns>Those whose address is there already and who were not inserted; null: somebody's is, and nobody was inserted (PostgreSQL).</returns>
    public static Task<List<int>?> InsertAsync(DbTransaction transaction, PackedPeople people, IReadOnlyList<int> order, CancellationToken ct) =>
        transaction.Connection is NpgsqlConnection postgres ? CopyAsync(postgres, transaction, people, order, ct) : Task.FromResult<List<int>?>(Step((SqliteConnection)transaction.Connection!, people, order));

    private static List<int> Step(SqliteConnection connection, PackedPeople people, IReadOnlyList<int> order)
    {
        connection.Execute($"pragma cache_size = -{SqliteCache}");
        var handle = connection.Handle!;
        var values = string.Join(", ", Enumerable.Repeat("?", PackedPeople.Texts + PackedPeople.Numbers));
        Check(handle, raw.sqlite3_prepare_v2(handle, $"insert into subscribers ({PackedPeople.Columns}) values ({values}) on conflict (address_key) do nothing", out var statement));
        using (statement)
        {
            var (known, before) = (new List<int>(), -1);
            foreach (var person in order)
            {
                Bind(statement, people, person, before);
                before = person;
                if (raw.sqlite3_step(statement) is not raw.SQLITE_DONE and var fault)
                    Check(handle, fault);
                raw.sqlite3_reset(statement);
                if (raw.sqlite3_changes(handle) == 0)
                    known.Add(person);
            }
            return known;
        }
    }

    /// <summary>Binds what differs from the row before: much of a list is the same in all its rows, and what is bound stays bound.</summary>
    private static void Bind(sqlite3_stmt statement, PackedPeople people, int person, int before)
    {
        var at = people.ColumnsOf(person);
        var old = before < 0 ? 0 : people.ColumnsOf(before);
        for (var i = 1; i <= PackedPeople.Texts + PackedPeople.Numbers; i++)
        {
            var value = people.Step(ref at);
            if (before >= 0 && people.Step(ref old).SequenceEqual(value))
                continue;
            if (i <= PackedPeople.Texts)
                raw.sqlite3_bind_text(statement, i, value);
            else if (value.IsEmpty)
                raw.sqlite3_bind_null(statement, i);
            else
                raw.sqlite3_bind_int64(statement, i, BinaryPrimitives.ReadInt64BigEndian(value));
        }
    }

    private static void Check(sqlite3 handle, int code)
    {
        if (code != raw.SQLITE_OK)
            throw new SqliteException($"SQLite Error {code}: '{raw.sqlite3_errmsg(handle).utf8_to_string()}'.", code & 0xFF, code);
    }

    private static async Task<List<int>?> CopyAsync(NpgsqlConnection connection, DbTransaction transaction, PackedPeople people, IReadOnlyList<int> order, CancellationToken ct)
    {
        await transaction.SaveAsync(Savepoint, ct);
        try
        {
            await using var copy = await connection.BeginRawBinaryCopyAsync($"copy subscribers ({PackedPeople.Columns}) from stdin (format binary)", ct);
            await copy.WriteAsync(Head, ct);
            var (group, used) = (new byte[CopyGroup], 0);
            foreach (var person in order)
            {
                var row = people.RowOf(person);
                if (used + row.Length > group.Length)
                {
                    await copy.WriteAsync(group.AsMemory(0, used), ct);
                    used = 0;
                }
                if (row.Length > group.Length)
                    await copy.WriteAsync(row, ct);
                else
                {
                    row.CopyTo(group.AsMemory(used));
                    used += row.Length;
                }
            }
            await copy.WriteAsync(group.AsMemory(0, used), ct);
            await copy.WriteAsync(Tail, ct);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UniqueViolation)
        {
            await transaction.RollbackAsync(Savepoint, CancellationToken.None);
            return null;
        }
        await transaction.ReleaseAsync(Savepoint, ct);
        return [];
    }
}
