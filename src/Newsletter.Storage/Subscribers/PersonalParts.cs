namespace Newsletter.Storage;

/// <summary>A part of what is kept about a person: how it is read for them, and what erasing does to it. A new table with people in it is a line here; a test finds the one that has none.</summary>
/// <param name="Name">Its name in the document that a person gets.</param>
/// <param name="Read">Columns named <c>at</c>, <c>due</c> or <c>…_at</c> are instants; parameters are those of <see cref="PersonalDataStore"/>.</param>
/// <param name="Erase">Statements, with <c>@id</c> and <c>@key</c>; empty where <see cref="Correspondence"/> forgets it, or nothing in it names anybody.</param>
internal sealed record PersonalPart(string Name, string Read, string Erase = "")
{
    /// <summary>The part of what bars the address.</summary>
    public const string Suppressions = "suppressions";

    /// <summary>The part of wishes to subscribe: an address may have some that is no subscriber's.</summary>
    public const string SignUps = "signUps";

    /// <summary>Whether the rows are mails, read one at a time by <c>@mail</c>: each may be large.</summary>
    public bool IsOfMails { get; init; }

    /// <summary>All of them, in the order of the document.</summary>
    public static IReadOnlyList<PersonalPart> All(Database database) => [.. OfThemselves(database), .. OfLetters(database), .. OfWords(database)];

    private static IEnumerable<PersonalPart> OfThemselves(Database database) =>
    [
        new("subscriber",
            """
            select s.id, s.address, s.name, s.fields, s.tags, s.topics, s.topics_left, s.language, s.time_zone, s.source, s.state, s.state_at, s.created_at, s.paused_until as paused_until_at, i.list as import_list, s.import_line
            from subscribers s left join imports i on i.id = s.import_id where s.id = @id
            """,
            "update subscribers set address = '', address_key = 'erased ' || id, name = '', fields = '{}', tags = '[]', topics = '[]', topics_left = '[]', language = '', time_zone = '', source = '', import_line = null, paused_until = null where id = @id"),
        new("history",
            "select at, before, state, reason, actor, evidence, edition_id, returned_mail_id, incident_id from subscriptions_log where subscriber_id = @id order by id",
            "update subscriptions_log set evidence = '' where subscriber_id = @id"),
        new("changesByLists",
            "select i.list, c.line, i.started_at, c.before, c.after from import_changes c join imports i on i.id = c.import_id where c.subscriber_id = @id order by c.import_id",
            "delete from import_changes where subscriber_id = @id"),
        new(Suppressions,
            $"select reason, at, actor, evidence from suppressions where address_key {database.IsOneOf("@marks")}",
            "delete from suppressions where address_key = @key"),
        new(SignUps,
            """
            select u.made_at, u.address, u.form, u.language, u.name, u.topics, u.fields, u.state, u.state_at, u.asked_at, u.asked_last as asked_last_at, u.asked, u.asked_from, u.asked_net, u.asked_agent, u.score, u.reasons, u.due,
                   u.tried_at, u.sent_at, u.mails, u.words, u.confirmed_at, u.confirmed_from, u.confirmed_agent, w.text as wording
            from signups u left join wordings w on w.id = u.wording_id where u.subscriber_id = @id or u.address_key = @key order by u.id
            """,
            // Wishes go that were never confirmed, and of the others what names them. When which words were agreed to stays.
            """
            delete from signups where state <> 'confirmed' and (subscriber_id = @id or address_key = @key);
            update signups set address = '', address_key = 'erased ' || id, name = '', topics = '[]', fields = '{}', asked_from = '', asked_net = '', asked_agent = '', reasons = '[]', words = '', confirmed_from = '', confirmed_agent = ''
                where subscriber_id = @id or address_key = @key
            """),
        new("acts",
            "select at, act, words, evidence, edition_id from reader_acts where subscriber_id = @id order by id",
            "delete from reader_acts where subscriber_id = @id"),
        new("mailsAskedFor",
            "select kind, address, of_key as asked_as, made_at, due, tried_at, sent_at, words, used_at from reader_mails where subscriber_id = @id order by id",
            "update reader_mails set address = '', address_key = '', of_key = '', words = '', due = null where subscriber_id = @id or address_key = @key or of_key = @key"),
        new("notes",
            "select at, author, words from notes where subscriber_id = @id order by id",
            "delete from notes where subscriber_id = @id"),
    ];

    private static IEnumerable<PersonalPart> OfLetters(Database database) =>
    [
        new("deliveries",
            """
            select d.edition_id, e.issue_slug as issue, d.state, d.state_at, d.attempt, d.due_at, d.reply_code, d.reply_status, d.reply_words, d.revision, d.variant
            from deliveries d join editions e on e.id = d.edition_id where d.subscriber_id = @id order by d.edition_id
            """,
            "update deliveries set reply_words = null where subscriber_id = @id"),
        new("deliveriesKeptAsCounts", $"""
            select b.edition_id, e.issue_slug as issue, 'sent' as state, e.started_at
            from rollup_readers b join editions e on e.id = b.edition_id where b.block = @id / 8192 and {database.Bit("b.readers", "@id % 8192")} = 1 order by b.edition_id
            """),
        new("attempts",
            "select edition_id, at, outcome, reply_code, reply_status, reply_words from attempts where subscriber_id = @id order by id",
            "update attempts set reply_words = null where (edition_id, subscriber_id) in (select edition_id, subscriber_id from deliveries where subscriber_id = @id)"),
        new("bounces",
            "select edition_id, at, reason, permanence, confidence, phrase, evidence, returned_mail_id, provider, wave, reached, incident_id from bounces where subscriber_id = @id order by at, edition_id",
            "update bounces set evidence = '', phrase = '', provider = '', wave = '' where subscriber_id = @id"),
        new("risks",
            "select since as since_at from risks where subscriber_id = @id",
            "delete from risks where subscriber_id = @id"),
        new("probes",
            "select edition_id, state, made_at, due, sent_at, ended_at, words from probes where subscriber_id = @id order by id",
            "update probes set words = '', due = null, state = case when state in ('due', 'sent') then 'void' else state end where subscriber_id = @id"),
        new("farewells",
            "select edition_id, returned_mail_id, answers, made_at, due, tried_at, sent_at, words from farewells where subscriber_id = @id order by id",
            "update farewells set answers = '', due = null, words = '' where subscriber_id = @id"),
    ];

    private static IEnumerable<PersonalPart> OfWords(Database database) =>
    [
        new("conversations", $"""
            select t.id, t.edition_id, t.subject, t.state, t.box, t.last_at, (select {database.JsonList("tag")} from thread_tags where thread_id = t.id) as tags
            from threads t where t.subscriber_id = @id or t.id in (select thread_id from replies where returned_mail_id {database.IsOneOf("@mails")}) order by t.id
            """),
        new("repliesReceived", $"""
            select thread_id, returned_mail_id, sender, sender_name, subject, body, at, answer_to, message_id, attachments, refs, filed_by, back_on, back_words, forwarded_at, not_passed_on
            from replies where returned_mail_id {database.IsOneOf("@mails")} order by id
            """),
        new("answersSent", $"""
            select thread_id, address, subject, body, at, state, sent_at, message_id, words from answers
            where lower(address) in (@address, @key) or reply_id in (select id from replies where returned_mail_id {database.IsOneOf("@mails")}) order by id
            """),
        new("mails", """
            select id, source, form, received_at, kind, verdict, evidence, consequence, outcome, edition_id, handled_at, trust, error, sender_proof, sender_words, size, raw
            from returned_mails where id = @mail
            """) { IsOfMails = true },
        new("mailsAsReadBefore", $"""
            select returned_mail_id, handled_at, replaced_at, kind, verdict, evidence, consequence, outcome, edition_id from returned_verdicts
            where subscriber_id = @id or returned_mail_id {database.IsOneOf("@mails")} order by id
            """,
            "update returned_verdicts set verdict = '', evidence = '', outcome = '' where subscriber_id = @id"),
    ];
}
