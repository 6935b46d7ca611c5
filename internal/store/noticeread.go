package store

import (
	"context"

	"github.com/banli/banli/internal/proposal"
)

// ReadNotice marks one notice of the person's as read, with what the same event told of the same case. What is not theirs stays as it
// is.
func (s *Store) ReadNotice(ctx context.Context, person proposal.PersonID, id int64) error {
	return s.read(ctx, person, `(n.id = @arg::bigint or (n.case_id, n.at) = (select case_id, at from notices where id = @arg::bigint))`, id)
}

// ReadNotices marks the person's notices up to and including one as read. Those of others are left as they are.
func (s *Store) ReadNotices(ctx context.Context, person proposal.PersonID, upTo int64) error {
	return s.read(ctx, person, `n.id <= @arg::bigint and n.at >= @since`, upTo)
}

// ReadCaseNotices marks what the person was told of a case as read: they have it before them.
func (s *Store) ReadCaseNotices(ctx context.Context, person proposal.PersonID, caseID string) error {
	id, err := parseID(caseID)
	if err != nil {
		return err
	}
	return s.read(ctx, person, `n.case_id = @arg::uuid`, id)
}

func (s *Store) read(ctx context.Context, person proposal.PersonID, which string, arg any) error {
	_, args, err := s.noticeArgs(ctx, person, newest, 1)
	if err != nil {
		return err
	}
	args["arg"], args["now"] = arg, s.Now().UTC()
	_, err = s.pool.Exec(ctx, `
		insert into notice_reads (notice, person, read_at)
		select n.id, @person::uuid, @now::timestamptz from notices n where `+which+` and `+mineOfNotice+`
			and not exists (select from notice_reads r where r.notice = n.id and r.person = @person)
		on conflict do nothing`, args)
	return edge(err)
}
