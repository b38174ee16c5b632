INSERT INTO vectors (passage_id, model, vector) SELECT min(id), 'small', x'0102' FROM passages;
