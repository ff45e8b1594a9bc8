using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Newsletter.Storage;

/// <summary>Numbers of conversations, replies and answers that are gone: sealed addresses and mails name them for years, and they must never open another's. PostgreSQL gives no number twice; SQLite does.</summary>
internal static class SpentIds
{
    private static readonly string[] Tables = ["threads", "replies", "answers"];

    /// <summary>The number of a new row, for <c>insert … values</c>.</summary>
    public static string Next(DbTransaction transaction, string table) => transaction.Connection is SqliteConnection
        ? $"(select 1 + max(coalesce((select max(id) from {table}), 0), coalesce((select last from spent_ids where name = '{table}'), 0)))"
        : "default";

    /// <summary>Before rows go.</summary>
    public static Task KeepAsync(DbTransaction transaction) => transaction.Connection!.ExecuteAsync(string.Concat(Tables.Select(table => $"""
        insert into spent_ids (name, last) select '{table}', coalesce(max(id), 0) from {table} where true
            on conflict (name) do update set last = case when excluded.last > spent_ids.last then excluded.last else spent_ids.last end;

        """)), transaction: transaction);
}
