using System.Data.Common;
using Dapper;
using Newsletter.Storage;

namespace Newsletter.Tests.Storage;

/// <summary>Whose fault it is that a database refuses: what it was given, or the database's.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class DatabaseTroubleTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    [TestCase("insert into threads (subject, state) values ('no time', 'unread')", true, TestName = "a column that must be given")]
    [TestCase("insert into thread_tags (thread_id, tag) values (99, 'of no thread')", true, TestName = "a row that is not there")]
    [TestCase("select no_such_column from threads", true, TestName = "a slip in our own SQL, which only some data comes by")]
    [TestCase("select 1 from no_such_table", false, TestName = "a table that is missing")]
    public async Task A_mail_is_marked_only_for_what_lies_with_it(string sql, bool isOfTheData)
    {
        await using var connection = await Database.OpenAsync(CancellationToken.None);

        var fault = await Assert.CatchAsync<DbException>(() => connection.ExecuteAsync(sql));

        Assert.That(DatabaseTrouble.IsOfTheData(fault!), Is.EqualTo(isOfTheData));
    }
}
